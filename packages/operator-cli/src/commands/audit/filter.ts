import type { AuditFilter } from 'operator-engine';
import { checkNames, checkTime, readNames, readTime } from '../../arguments/common-flags.ts';
import type { Flag } from '../../arguments/flag.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import type { ScannedArguments } from '../../arguments/interpret.ts';

/** The flags that choose entries of the audit. */
export const FILTER_FLAGS: readonly Flag[] = [
  { name: 'run', value: 'RUN', description: 'Only entries about this run.' },
  {
    name: 'kind',
    value: 'KIND',
    isRepeatable: true,
    description: 'Only entries of this kind, as run_moved. May be given several times.',
  },
  { name: 'by', value: 'USER', description: 'Only entries of this user.' },
  {
    name: 'since',
    value: 'TIME',
    description: 'Only entries from this time on, in UTC, as 2026-11-21T08:00:00Z.',
  },
  { name: 'until', value: 'TIME', description: 'Before then.' },
];

/** Problems of {@link FILTER_FLAGS}. */
export async function checkFilter(scanned: ScannedArguments): Promise<readonly string[]> {
  const { AUDIT_KINDS } = await import('operator-engine');
  return [
    ...checkNames(scanned, 'kind', AUDIT_KINDS),
    ...checkTime(scanned, 'since'),
    ...checkTime(scanned, 'until'),
  ];
}

/** Reads {@link FILTER_FLAGS}. */
export async function readFilter(scanned: ScannedArguments): Promise<AuditFilter> {
  const { AUDIT_KINDS } = await import('operator-engine');
  const kinds = readNames(scanned, 'kind', AUDIT_KINDS);
  const runId = readFlag(scanned, 'run');
  const actor = readFlag(scanned, 'by');
  const since = readTime(scanned, 'since');
  const until = readTime(scanned, 'until');
  return {
    ...(runId === undefined ? {} : { runId }),
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(actor === undefined ? {} : { actor }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}
