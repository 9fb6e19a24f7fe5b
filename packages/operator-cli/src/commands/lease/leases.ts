import type { Lease } from 'operator-engine';
import { readFlag, readSwitch } from '../../arguments/read-flag.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatSight, formatSights, NO_WATCH, OPEN_LEASE_STATES } from '../../output/lease-view.ts';
import { reportList } from '../../output/report-list.ts';

/** See `operator leases --help`. */
export const leasesCommand = createEngineCommand({
  name: 'leases',
  summary: 'List the effects that stay in force, with owner and end.',
  usage: '[--all] [flags]',
  flags: [{ name: 'all', description: 'Also leases that have ended or were lost.' }],
  examples: [
    ['operator leases', 'leases in force'],
    ['operator leases --all', 'all leases'],
  ],
  needsLedger: true,
  use: list,
});

async function list({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { output } = invocation;
  const subject = readFlag(scanned, 'subject');
  const sights = await engine.leases.look(
    {
      ...(subject === undefined ? {} : { subject }),
      ...(readSwitch(scanned, 'all') === true ? {} : { states: OPEN_LEASE_STATES }),
    },
    { signal: invocation.io.signal },
  );
  const leases = sights.map(({ lease, seen, summary, remedy = null }) => ({
    ...lease,
    seen,
    sight: summary,
    remedy,
  }));
  const watched = await engine.isWatched();
  reportList(output, {
    all: { format: 'operator.leases/1', content: { leases, isWatched: watched } },
    each: 'operator.lease/1',
    rows: leases,
    lines: () => formatSights(sights, output.data),
  });
  const doubtful = sights.filter(({ seen }) => seen === 'gone' || seen === 'unknown');
  if (output.format === 'text') {
    output.note(doubtful.map((sight) => `! ${sight.lease.runId}: ${formatSight(sight)}`));
  }
  if (output.format === 'text' && !watched && leases.some(hasEnd)) {
    output.note(['', `! ${NO_WATCH}`]);
  }
  return EXIT_CODES.done;
}

function hasEnd({ state, endsAt }: Lease): boolean {
  return OPEN_LEASE_STATES.includes(state) && endsAt !== null;
}
