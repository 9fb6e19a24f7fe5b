import type { AuditEntry } from 'operator-engine';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatEntries } from '../../output/timeline-view.ts';
import { checkFilter, FILTER_FLAGS, readFilter } from './filter.ts';

/** See `operator audit export --help`. */
export const exportAuditCommand = createEngineCommand({
  name: 'audit export',
  summary: 'Write every entry of the audit, oldest first, hashes included.',
  usage: '[flags]',
  details: ['Use --output ndjson for many entries: it keeps none of them in memory.'],
  flags: FILTER_FLAGS,
  examples: [['operator audit export --output ndjson', 'all entries, one per line']],
  check: checkFilter,
  needsLedger: true,
  use: exportAll,
});

async function exportAll({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  const { audit } = await engine.openLedger();
  const kept: AuditEntry[] = [];
  for await (const entry of audit.export(await readFilter(scanned))) {
    io.signal.throwIfAborted();
    if (output.format === 'json') kept.push(entry);
    if (output.format === 'ndjson') output.emit('operator.audit_entry/1', entry);
    if (output.format === 'text') output.print(formatEntries([entry], { isMixed: true }));
    await output.drained();
  }
  if (output.format === 'json') output.emit('operator.audit/1', { entries: kept });
  return EXIT_CODES.done;
}
