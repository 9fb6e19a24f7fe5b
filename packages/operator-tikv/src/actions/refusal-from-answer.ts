import type { HttpRequest, Refusal } from 'operator-core';
import { PD_API } from '../pd/index.ts';
import { toRefusal } from './refusals.ts';
import type { RefusalCode } from './refusals.ts';

/**
 * PD's own words for what plans refuse, and for what no plan can foresee (PD API, operators and
 * schedulers). PD 6.5 writes the same texts without the `[PD:…]` prefix.
 */
const ANSWERS: readonly (readonly [pattern: RegExp, code: RefusalCode])[] = [
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
  [/has no voter in store|cannot transfer leader to \d+: not (found|voter)/u, 'NO_VOTER_ON_STORE'],
  [/cannot transfer leader to \d+: unhealthy/u, 'PEER_PENDING'],
  [/target leader is not allowed/u, 'LEADER_NOT_ALLOWED'],
  [/has no peer in store/u, 'NO_PEER_ON_STORE'],
  [/already have peer|already has peer/u, 'PEER_ALREADY_ON_STORE'],
  [/no operator step is built|region with nil peer/u, 'OPERATOR_NOT_ADDED'],
  [/match no placement rule|no valid leader|plan is empty|no voter/u, 'RULE_NOT_MET'],
  [/failed to add operator/u, 'OPERATOR_NOT_ADDED'],
  [/operator not found/u, 'OPERATOR_NOT_FOUND'],
  [/config does not exist|scheduler not found/u, 'DRAIN_NOT_FOUND'],
  [/scheduler existed/u, 'SCHEDULER_EXISTS'],
  [/need to clean up TTL first/u, 'SETTING_OVERRIDDEN'],
];

/** PD's no in the list of this plugin's refusals, or `null` when it is not one of them. */
export function refusalFromAnswer(
  request: Pick<HttpRequest, 'path'>,
  { status = 0, answer }: { readonly status?: number; readonly answer: string },
): Refusal | null {
  const code = isAbsentScheduler(request, status)
    ? 'DRAIN_NOT_FOUND'
    : ANSWERS.find(([pattern]) => pattern.test(answer))?.[1];
  return code === undefined ? null : toRefusal(code, `PD refused: ${answer}`, { status, answer });
}

/** A scheduler's own paths exist only while the scheduler does (PD API, schedulers). */
function isAbsentScheduler({ path }: Pick<HttpRequest, 'path'>, status: number): boolean {
  return status === 404 && path.startsWith(`${PD_API}/scheduler-config/`);
}
