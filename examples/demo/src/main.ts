import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTikvSim } from 'operator-tikv-sim';
import { Cluster } from './cluster.ts';
import { findSecondUser } from './second-user.ts';
import { PROGRAM, Terminal } from './terminal.ts';

const OPERATORS = '/pd/api/v1/operators';

const simulator = await startTikvSim({ stores: 5, regions: 100, version: '8.5', time: 'real' });
const folder = mkdtempSync(join(tmpdir(), 'operator-demo-'));
const plan = join(folder, 'plan.json');
shareLedger();
const terminal = new Terminal({ DEMO_PD: simulator.endpoints[0], DEMO_FOLDER: folder });
const cluster = new Cluster(simulator);
const started = Date.now();

try {
  await look();
  const moved = await moveLeader();
  await beRefused();
  await drainAndDie();
  await loseAnswer();
  await askSomebodyElse();
  await watchOver();
  await stopEverything();
  await undo(moved);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  terminal.say(`\nThat was the whole idea in ${seconds} s: accepted ≠ done ≠ fixed.`);
} finally {
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function look(): Promise<void> {
  terminal.tell('Look', 'A simulated cluster: 5 stores, 100 regions, a PD that speaks real HTTP.');
  await terminal.type('observe stores');
}

/** Answers with the id of the run. */
async function moveLeader(): Promise<string> {
  const region = cluster.regionLedBy(1);
  // Store 4 is drained later: what is undone in the end must still be there.
  const [follower] = cluster.followersOf(region, [4]);
  terminal.tell(
    'Move a leader, and prove it',
    'The plan says what will be sent and what must be seen; the run ends when it was seen.',
  );
  await terminal.type(`run transfer_leader --region-id ${region} --to-store-id ${follower} --yes`);
  return lastRun();
}

async function beRefused(): Promise<void> {
  const region = cluster.regionLedBy(2);
  const [stranger] = cluster.storesWithout(region);
  terminal.tell(
    'Be refused',
    'A change that cannot work is refused with the reason, before anything is sent.',
  );
  const command = `run transfer_leader --region-id ${region} --to-store-id ${stranger} --yes`;
  await terminal.type(command, { exit: 5 });
}

async function loseAnswer(): Promise<void> {
  const region = cluster.regionLedBy(5);
  const [follower] = cluster.followersOf(region, [4]);
  terminal.tell(
    'Lose an answer',
    'The connection is cut after PD took the request. Nothing is sent twice: the region shows the result.',
  );
  simulator.faults.dropAnswer({ method: 'POST', path: OPERATORS, when: 'after', times: 1 });
  simulator.clearRequests();
  await terminal.type(`run transfer_leader --region-id ${region} --to-store-id ${follower} --yes`);
  const sent = simulator.requests.filter(({ method }) => method === 'POST').length;
  if (sent !== 1) throw new Error(`the request was sent ${sent} times`);
  terminal.say(`PD counted ${sent} request to change anything.`);
}

async function askSomebodyElse(): Promise<void> {
  const region = cluster.regionLedBy(3);
  const [from] = cluster.followersOf(region, [4]);
  const to = cluster.storesWithout(region).find((storeId) => storeId !== 4);
  terminal.tell(
    'Keep a plan, and ask another person',
    'The policy requires the consent of another person to copy a region. The plan is a file; the run waits.',
  );
  const peers = `--from-store-id ${from} --to-store-id ${to}`;
  await terminal.type(`plan transfer_peer --region-id ${region} ${peers} --out ${plan}`);
  await terminal.type(`policy explain ${plan}`);
  await terminal.type(`apply ${plan} --yes`, { exit: 6 });
  const run = await lastRun();
  await terminal.type(`approve ${run} --yes`, { exit: 5 });
  const other = findSecondUser(PROGRAM);
  if (other === null) {
    terminal.say(
      'Skipped: the approval itself. The approver is the user of the operating system, which no argument changes, and only root can act as a second one.',
    );
    return terminal.type(`cancel ${run}`);
  }
  return terminal.type(`approve ${run} --yes`, { as: other });
}

async function drainAndDie(): Promise<void> {
  terminal.tell(
    'Drain a store for a while, and die',
    'A drain stays until it is removed. It is a lease, written down before it is made. The process is killed.',
  );
  const drain = 'run drain_store --store-id 4 --for 5s --yes';
  await terminal.typeUntil(drain, 'Accepted by the system', 'SIGKILL');
  await terminal.type('leases');
}

async function watchOver(): Promise<void> {
  terminal.tell(
    'And it ends all the same',
    'Silent for 15 seconds, the process counts as dead. A runner that watches reads the result of its run, and ends the lease.',
  );
  await terminal.typeUntil('watch', 'lease ended', 'SIGTERM');
  await terminal.type('leases --all');
}

async function stopEverything(): Promise<void> {
  const region = cluster.regionLedBy(1);
  // Leaders are on their way back to store 4: what is asked for must not happen by itself.
  const [follower] = cluster.followersOf(region, [4]);
  terminal.tell('Stop everything', 'One row in the ledger, read before every request, everywhere.');
  await terminal.type("stop --reason 'the graphs look wrong'");
  const command = `run transfer_leader --region-id ${region} --to-store-id ${follower} --yes`;
  await terminal.type(command, { exit: 5 });
  await terminal.type("resume --reason 'it was the graphs'");
}

async function undo(run: string): Promise<void> {
  terminal.tell(
    'Undo, and explain',
    'The inverse was recorded with the plan; the audit has it all.',
  );
  await terminal.type(`undo ${run} --yes`);
  await terminal.type('runs');
  await terminal.type(`audit explain ${run}`);
  await terminal.type('audit verify');
}

async function lastRun(): Promise<string> {
  const { runs }: { runs: readonly { id: string }[] } = JSON.parse(
    await terminal.read('runs --limit 1 --output json'),
  );
  return runs[0]?.id ?? '';
}

/** A folder for the ledger that a group shares: two users of this machine can write what is in it. */
function shareLedger(): void {
  const ledger = join(folder, 'ledger');
  const state = join(folder, 'state');
  mkdirSync(ledger);
  mkdirSync(state);
  chmodSync(folder, 0o755);
  chmodSync(ledger, 0o2770);
  // Each user keeps a state of their own there.
  chmodSync(state, 0o1777);
}
