import type { Refusal } from 'operator-core';
import type { OwnAnswer, PDChange } from '../pd-change.ts';
import { toRefusal } from '../checks/refusals.ts';
import type { RefusalCode } from '../checks/refusals.ts';

/**
 * PD's words about regions, stores and operators, which it has for changes of every kind (PD API, operators and schedulers). PD 6.5
 * writes the same texts without the `[PD:…]` prefix.
 */
const COMMON: readonly (readonly [pattern: RegExp, code: RefusalCode])[] = [
  [
    /not bootstrapped|^no leader$|finds no leader|to not leader|server not started/u,
    'CLUSTER_NOT_READY',
  ],
  [/region \S+ not found|region not found/u, 'REGION_NOT_FOUND'],
  [/region with no leader|region \d+ has no leader/u, 'REGION_HAS_NO_LEADER'],
  [/joint state/u, 'REGION_IN_JOINT_STATE'],
  [/has been removed|ErrStoreTombstone/u, 'STORE_TOMBSTONE'],
  [/store \d+ not found|ErrStoreNotFound/u, 'STORE_NOT_FOUND'],
  [/store \d+ is unhealthy/u, 'STORE_UNHEALTHY'],
  [/paused for leader transfer/u, 'STORE_PAUSED'],
  [/target leader is not allowed/u, 'LEADER_NOT_ALLOWED'],
  [/no operator step is built|region with nil peer/u, 'OPERATOR_NOT_ADDED'],
  [/match no placement rule|no valid leader|plan is empty|no voter$/u, 'RULE_NOT_MET'],
  [/failed to add operator/u, 'OPERATOR_NOT_ADDED'],
];

/** The part of PD's words that only newer releases write. */
const PREFIX = String.raw`(?:\[PD:\w+:Err\w+\])?`;

/** Words with which PD refuses a change, besides those of its path. */
export function refusedWords({ answers }: Pick<PDChange<never>, 'answers'>): readonly string[] {
  return answers.map(([words]) => `${PREFIX}(?:${words})`);
}

/**
 * The refusal of this plugin for an error answer of PD, or `null` when there is none. `change`: the refused
 * change, if known.
 */
export function refusalFromAnswer(
  change: Pick<PDChange<never>, 'answers'> | undefined,
  { status = 0, answer }: { readonly status?: number; readonly answer: string },
): Refusal | null {
  const own = change?.answers.find((one) => isSaid(one, answer));
  const code = own?.[1] ?? COMMON.find(([pattern]) => pattern.test(answer))?.[1];
  return code === undefined ? null : toRefusal(code, `PD refused: ${answer}`, { status, answer });
}

function isSaid([words]: OwnAnswer, answer: string): boolean {
  return new RegExp(`^${PREFIX}(?:${words})$`, 'u').test(answer);
}
