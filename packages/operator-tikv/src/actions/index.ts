import { cancelOperator } from './cancel-operator.ts';
import { drainStore } from './drain-store.ts';
import { setLeaderScheduleLimit } from './set-leader-schedule-limit.ts';
import { transferLeader } from './transfer-leader.ts';
import { transferPeer } from './transfer-peer.ts';
import { undrainStore } from './undrain-store.ts';

export { refusalFromAnswer } from './refusal-from-answer.ts';

/** Every action of this plugin, in the order in which they are listed. */
export const actions = [
  transferLeader,
  transferPeer,
  drainStore,
  undrainStore,
  cancelOperator,
  setLeaderScheduleLimit,
] as const;
