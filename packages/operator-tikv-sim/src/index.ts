// Adding a line here adds API.
export { startTikvSim } from './start-tikv-sim.ts';
export type { TikvSim } from './start-tikv-sim.ts';
export type { TikvSimOptions } from './options.ts';
export type { Faults } from './faults/faults.ts';
export type { FaultMatch } from './http/answer-faults.ts';
export type { AnswerFate, ReceivedRequest } from './http/requests.ts';
export type { Model, PeerView, RegionView, StoreView } from './views.ts';
