import { toContractAction } from './define-change.ts';
import type { TiKVAction } from './define-change.ts';
import { cancelOperator } from './cancel-operator.ts';
import { drainStore } from './drain-store.ts';
import { setLeaderScheduleLimit } from './set-leader-schedule-limit.ts';
import { transferLeader } from './transfer-leader.ts';
import { transferPeer } from './transfer-peer.ts';
import { undrainStore } from './undrain-store.ts';

/** Every action of this plugin, in the order in which they are listed, with its change. A new action is added here. */
export const changes: readonly TiKVAction[] = [
  transferLeader,
  transferPeer,
  drainStore,
  undrainStore,
  cancelOperator,
  setLeaderScheduleLimit,
];

/** Every action of this plugin as hosts take it. */
export const actions = changes.map(toContractAction);
