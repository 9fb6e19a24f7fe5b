import type { PlannedRequest } from 'operator-core';

import { checkCount, checkId } from '../wire/checked-id.ts';
import { EVICT_LEADER_SCHEDULER } from '../wire/scheduler-names.ts';

/** Beginning of every path of PD's first HTTP API. */
export const PD_API = '/pd/api/v1';

/** Asks for the region's leader to move to a store. PD wants `to_store_id` (PD API, operators). */
export function transferLeaderRequest(regionId: number, toStoreId: number): PlannedRequest {
  return post('ask for the leader transfer', '/operators', {
    name: 'transfer-leader',
    region_id: checkId(regionId, 'region id'),
    to_store_id: checkId(toStoreId, 'store id'),
  });
}

/** A region and the two stores between which a peer moves. */
export interface PeerMove {
  readonly regionId: number;
  readonly fromStoreId: number;
  readonly toStoreId: number;
}

/** Asks for a peer of the region to move from one store to another (PD API, operators). */
export function transferPeerRequest(move: PeerMove): PlannedRequest {
  return post('ask for the peer transfer', '/operators', {
    name: 'transfer-peer',
    region_id: checkId(move.regionId, 'region id'),
    from_store_id: checkId(move.fromStoreId, 'source store id'),
    to_store_id: checkId(move.toStoreId, 'target store id'),
  });
}

/** Cancels the region's running operator; a step that was already sent to TiKV may still be executed. */
export function cancelOperatorRequest(regionId: number): PlannedRequest {
  return remove('cancel the running operator', `/operators/${checkId(regionId, 'region id')}`);
}

/** Adds a store to the evict-leader scheduler, which is made when it is absent (PD API, schedulers). */
export function addEvictLeaderRequest(storeId: number): PlannedRequest {
  return post('evict the leaders of the store', '/schedulers', {
    name: EVICT_LEADER_SCHEDULER,
    store_id: checkId(storeId, 'store id'),
  });
}

/**
 * Takes a store out of the evict-leader scheduler; PD removes the scheduler with its last store. This
 * path, and not `/schedulers/evict-leader-scheduler-<id>`, because that one answers `null` to
 * everything, also when it fails (PD API, schedulers).
 */
export function removeEvictLeaderRequest(storeId: number): PlannedRequest {
  const id = checkId(storeId, 'store id');
  return remove(
    'stop evicting the leaders of the store',
    `/scheduler-config/${EVICT_LEADER_SCHEDULER}/delete/${id}`,
  );
}

/** Members of PD's schedule configuration that this client sets. PD accepts any other key with 200 and ignores it. */
export interface PDScheduleChange {
  /** Number of leader operators that may run at a time; integer ≥ 0. */
  readonly leaderScheduleLimit: number;
}

/** Changes PD's schedule configuration; one request is atomic (PD API, config). */
export function setScheduleConfigRequest(change: PDScheduleChange): PlannedRequest {
  const limit = checkCount(change.leaderScheduleLimit, 'leader-schedule-limit');
  return post('set the schedule configuration', '/config/schedule', {
    'leader-schedule-limit': limit,
  });
}

function post(
  purpose: string,
  path: string,
  body: Record<string, string | number>,
): PlannedRequest {
  return { purpose, method: 'POST', path: PD_API + path, body: JSON.stringify(body) };
}

function remove(purpose: string, path: string): PlannedRequest {
  return { purpose, method: 'DELETE', path: PD_API + path, body: null };
}
