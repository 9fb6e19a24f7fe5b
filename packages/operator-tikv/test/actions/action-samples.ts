import type { JsonObject } from 'operator-core';
import { drainByHand, holdTransfer } from './arrange.ts';
import type { Cluster } from './support.ts';

/** An action as tests of all actions use it. */
interface Sample {
  readonly action: string;
  readonly parameters: JsonObject;
  readonly method: 'POST' | 'DELETE';
  readonly arrange?: (cluster: Cluster) => Promise<void>;
}

/** Each action, once. Tests of copies, of lost answers and of PD's words run over all of them. */
export const SAMPLES: readonly Sample[] = [
  { action: 'transfer_leader', parameters: { region_id: 9, to_store_id: '3' }, method: 'POST' },
  {
    action: 'transfer_peer',
    parameters: { region_id: 9, from_store_id: '3', to_store_id: '4' },
    method: 'POST',
  },
  { action: 'drain_store', parameters: { store_id: '4' }, method: 'POST' },
  {
    action: 'undrain_store',
    parameters: { store_id: '4' },
    method: 'DELETE',
    arrange: (cluster) => drainByHand(cluster, 4),
  },
  {
    action: 'cancel_operator',
    parameters: { region_id: 9 },
    method: 'DELETE',
    arrange: (cluster) => holdTransfer(cluster, 3),
  },
  { action: 'set_leader_schedule_limit', parameters: { limit: 8 }, method: 'POST' },
];
