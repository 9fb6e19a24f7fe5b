import type { WatchEvent } from 'operator-engine';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { noteNewLedger } from '../../command/require-ledger.ts';
import { formatCode, formatInstant } from '../../output/ledger-words.ts';
import type { Look } from '../../output/output.ts';
import { formatRemedy } from '../../output/operation-words.ts';
import { printableLine } from '../../output/printable.ts';

/** See `operator watch --help`. */
export const watchCommand = createEngineCommand({
  name: 'watch',
  summary: 'Run as a service: end expired leases, recover abandoned runs, start approved runs.',
  usage: '[flags]',
  details: [
    'Several can run and share the work. SIGTERM and Ctrl-C end it cleanly; other runners finish its work. If there is no ledger yet, the command creates one and names the configuration.',
  ],
  examples: [['operator watch --output ndjson', 'one line for each event']],
  use: watch,
});

async function watch({ engine, invocation }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  await noteNewLedger(engine, invocation);
  const startedAt = engine.clock.iso();
  const events: Record<string, number> = {};
  for await (const event of engine.watch({ signal: io.signal })) {
    events[event.kind] = (events[event.kind] ?? 0) + 1;
    if (output.format === 'ndjson') output.emit('operator.watch_event/1', event);
    if (output.format === 'text') output.print([formatWatchEvent(event, output.data)]);
  }
  if (output.format === 'json') {
    output.emit('operator.watch/1', {
      startedAt,
      endedAt: engine.clock.iso(),
      events,
    });
  }
  return EXIT_CODES.done;
}

function formatWatchEvent(event: WatchEvent, { style }: Look): string {
  const { at, kind, runId, message, remedy } = event;
  const advice = remedy === null ? '' : ` ${formatRemedy(remedy)}`;
  const run = runId === null ? '' : `  [${runId}]`;
  const paint = LOUD.includes(kind) ? style.red : style.bold;
  return `${formatInstant(at)}  ${paint(formatCode(kind))}  ${printableLine(`${message}${advice}`)}${run}`;
}

const LOUD: readonly WatchEvent['kind'][] = [
  'problem',
  'lease_not_ended',
  'lease_lost',
  'lease_superseded',
  'stopped',
];
