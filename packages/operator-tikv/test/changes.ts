import type { HttpRequest } from 'operator-core';
import { cancelOperatorRequest } from '../src/actions/cancel-operator.ts';
import { drainStoreRequest } from '../src/actions/drain-store.ts';
import { setLeaderScheduleLimitRequest } from '../src/actions/set-leader-schedule-limit.ts';
import { transferLeaderRequest } from '../src/actions/transfer-leader.ts';
import { transferPeerRequest } from '../src/actions/transfer-peer.ts';
import { undrainStoreRequest } from '../src/actions/undrain-store.ts';

/** Request of transfer_leader, by PD's numbers. */
export function leaderRequest(regionId: number, toStoreId: number): HttpRequest {
  return transferLeaderRequest({ region_id: regionId, to_store_id: String(toStoreId) });
}

/** Request of transfer_peer, by PD's numbers. */
export function peerRequest(regionId: number, from: number, to: number): HttpRequest {
  return transferPeerRequest({
    region_id: regionId,
    from_store_id: String(from),
    to_store_id: String(to),
  });
}

/** Request of cancel_operator. */
export function cancelRequest(regionId: number): HttpRequest {
  return cancelOperatorRequest({ region_id: regionId });
}

/** Request of drain_store, by PD's number. */
export function drainRequest(storeId: number): HttpRequest {
  return drainStoreRequest({ store_id: String(storeId) });
}

/** Request of undrain_store, by PD's number. */
export function undrainRequest(storeId: number): HttpRequest {
  return undrainStoreRequest({ store_id: String(storeId) });
}

/** Request of set_leader_schedule_limit. */
export function limitRequest(limit: number): HttpRequest {
  return setLeaderScheduleLimitRequest({ limit });
}
