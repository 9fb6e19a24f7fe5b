import type { HttpRequest } from 'operator-core';
import { cancelOperator } from '../src/actions/cancel-operator.ts';
import { drainStore } from '../src/actions/drain-store.ts';
import { toRequest } from '../src/actions/pd-change.ts';
import { setLeaderScheduleLimit } from '../src/actions/set-leader-schedule-limit.ts';
import { transferLeader } from '../src/actions/transfer-leader.ts';
import { transferPeer } from '../src/actions/transfer-peer.ts';
import { undrainStore } from '../src/actions/undrain-store.ts';

/** Request of transfer_leader, by PD's numbers. */
export function leaderRequest(regionId: number, toStoreId: number): HttpRequest {
  const parameters = { region_id: regionId, to_store_id: String(toStoreId) };
  return toRequest(transferLeader.change, parameters);
}

/** Request of transfer_peer, by PD's numbers. */
export function peerRequest(regionId: number, from: number, to: number): HttpRequest {
  return toRequest(transferPeer.change, {
    region_id: regionId,
    from_store_id: String(from),
    to_store_id: String(to),
  });
}

/** Request of cancel_operator. */
export function cancelRequest(regionId: number): HttpRequest {
  return toRequest(cancelOperator.change, { region_id: regionId });
}

/** Request of drain_store, by PD's number. */
export function drainRequest(storeId: number): HttpRequest {
  return toRequest(drainStore.change, { store_id: String(storeId) });
}

/** Request of undrain_store, by PD's number. */
export function undrainRequest(storeId: number): HttpRequest {
  return toRequest(undrainStore.change, { store_id: String(storeId) });
}

/** Request of set_leader_schedule_limit. */
export function limitRequest(limit: number): HttpRequest {
  return toRequest(setLeaderScheduleLimit.change, { limit });
}
