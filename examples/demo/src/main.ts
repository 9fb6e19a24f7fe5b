import { startTikvSim } from 'operator-tikv-sim';
import { Terminal } from './terminal.ts';

const OPERATORS = '/pd/api/v1/operators';

const simulator = await startTikvSim({ stores: 5, regions: 100, version: '8.5', time: 'real' });
const terminal = new Terminal({ DEMO_PD: simulator.endpoints[0] });
const started = Date.now();

try {
  await look();
  await moveLeader();
  await beRefused();
  await drain();
  await loseAnswer();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`\nThat was the whole idea in ${seconds} s: accepted ≠ done ≠ fixed.\n`);
} finally {
  await simulator.stop();
}

async function look(): Promise<void> {
  terminal.tell('Look', 'A simulated cluster: 5 stores, 100 regions, a PD that speaks real HTTP.');
  await terminal.type('observe stores');
}

async function moveLeader(): Promise<void> {
  const region = regionLedBy(1);
  const follower = followersOf(region)[0];
  terminal.tell(
    'Move a leader, and prove it',
    'The plan says what will be sent and what must be seen; the run ends when it was seen.',
  );
  await terminal.type(`run transfer_leader --region-id ${region} --to-store-id ${follower} --yes`);
}

async function beRefused(): Promise<void> {
  const region = regionLedBy(2);
  const stranger = storesWithout(region)[0];
  terminal.tell(
    'Be refused',
    'What cannot work is refused before anything is sent, with the reason.',
  );
  await terminal.type(
    `run transfer_leader --region-id ${region} --to-store-id ${stranger} --yes`,
    5,
  );
}

async function drain(): Promise<void> {
  terminal.tell('Drain a store, and undo it', 'Done means: it leads nothing, and PD keeps it so.');
  await terminal.type('run drain_store --store-id 4 --yes');
  await terminal.type('observe stores');
  await terminal.type('run undrain_store --store-id 4 --yes');
}

async function loseAnswer(): Promise<void> {
  const region = regionLedBy(5);
  const follower = followersOf(region)[0];
  terminal.tell(
    'Lose an answer',
    'The connection is cut after PD took the request. Nothing is sent twice: the region tells.',
  );
  simulator.faults.dropAnswer({ method: 'POST', path: OPERATORS, when: 'after', times: 1 });
  simulator.clearRequests();
  await terminal.type(`run transfer_leader --region-id ${region} --to-store-id ${follower} --yes`);
  const sent = simulator.requests.filter(({ method }) => method === 'POST').length;
  if (sent !== 1) throw new Error(`the request was sent ${sent} times`);
  process.stdout.write(`PD counted ${sent} request to change anything.\n`);
}

function regionLedBy(storeId: number): number {
  const region = simulator.model.regions().find(({ leaderStoreId }) => leaderStoreId === storeId);
  if (region === undefined) throw new Error(`store ${storeId} leads no region`);
  return region.id;
}

function followersOf(regionId: number): readonly number[] {
  const region = simulator.model.region(regionId);
  const stores = region?.peers.map((peer) => peer.storeId) ?? [];
  return stores.filter((storeId) => storeId !== region?.leaderStoreId);
}

function storesWithout(regionId: number): readonly number[] {
  const holders = simulator.model.region(regionId)?.peers.map((peer) => peer.storeId) ?? [];
  const stores = simulator.model.stores().map(({ id }) => id);
  return stores.filter((storeId) => !holders.includes(storeId));
}
