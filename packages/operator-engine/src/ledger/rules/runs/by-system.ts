import type { SystemIdentity } from 'operator-core';
import { chainOf } from '../transaction/chain-row.ts';
import type { RunRow } from '../tables/run-row.ts';

type SystemName = Pick<SystemIdentity, 'kind' | 'id'>;

/** The ids of runs by their system: one transaction locks the chain of one system. */
export function bySystem(
  runs: readonly RunRow[],
): Iterable<readonly [SystemName, readonly string[]]> {
  const groups = new Map<string, readonly [SystemName, string[]]>();
  for (const run of runs) {
    const name = chainOf(run);
    const group = groups.get(name) ?? [{ kind: run.system_kind, id: run.system_id }, []];
    group[1].push(run.id);
    groups.set(name, group);
  }
  return groups.values();
}
