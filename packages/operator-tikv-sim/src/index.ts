// Adding a line here adds API.
export { startTikvSim } from './start-tikv-sim.ts';
export type { TikvSim } from './start-tikv-sim.ts';
export type { TikvSimOptions } from './options.ts';
export type { Faults } from './faults/faults.ts';
export type { FaultMatch } from './server/answer-faults.ts';
export type { AnswerFate, ReceivedRequest } from './server/requests.ts';
export type { Model, PeerView, RegionView, StoreView } from './control/views.ts';
