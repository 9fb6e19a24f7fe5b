import { checkLimit, LIMIT, readLimit } from '../../arguments/common-flags.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { reportList } from '../../output/report-list.ts';
import { formatEntries } from '../../output/timeline-view.ts';
import { checkFilter, FILTER_FLAGS, readFilter } from './filter.ts';

/** See `operator audit list --help`. */
export const listAuditCommand = createEngineCommand({
  name: 'audit list',
  summary: 'Show the newest entries of the audit, the newest last.',
  usage: '[flags]',
  flags: [...FILTER_FLAGS, LIMIT],
  examples: [
    ['operator audit list', 'the newest entries'],
    ['operator audit list --kind approval_given --kind stopped', 'only some kinds'],
  ],
  check: async (scanned) => [...checkLimit(scanned), ...(await checkFilter(scanned))],
  needsLedger: true,
  use: list,
});

async function list({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { output } = invocation;
  const { audit } = await engine.openLedger();
  const filter = await readFilter(scanned);
  const entries = (await audit.latest(filter, { limit: readLimit(scanned) })).toReversed();
  reportList(output, {
    all: { format: 'operator.audit/1', content: { entries } },
    each: 'operator.audit_entry/1',
    rows: entries,
    lines: () => (entries.length === 0 ? ['none'] : formatEntries(entries, { isMixed: true })),
  });
  return EXIT_CODES.done;
}
