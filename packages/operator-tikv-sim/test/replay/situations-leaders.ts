import type { Exchange } from './recording.ts';
import type { Situation } from './situation.ts';
import type { Stage } from './stage.ts';

/** The stores' heartbeats come together, as those of the recorded simulator. */
const TOGETHER = { spreadHeartbeats: false, schedulersPaused: true } as const;

const restart: readonly Situation[] = [
  {
    file: 'v8.5.7/restart.json',
    options: {
      version: '8.5',
      keyspaceSplit: true,
      ...TOGETHER,
      schedulersPaused: false,
      regionHeartbeatMs: 49_000,
    },
    before: {
      'before: record': (stage) => stage.wait(200),
      'before: schedulers': (stage) => stage.alignTo(4_000),
      'single PD killed and restarted: killed': (stage) => {
        stage.moveTo(600);
        stage.sim.faults.restartLeader({ downMs: 1_403, startingMs: 4_790 });
      },
      // One of the calls on the leaderless cluster, listed further below.
      '#34': async (stage) => {
        stage.moveTo(45_500);
        await stage.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 1 });
      },
    },
    only: /^(?!leaderless)/,
  },
  {
    file: 'v8.5.7/restart.json',
    options: { version: '8.5', keyspaceSplit: true, ...TOGETHER },
    prelude: (stage) => {
      stage.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
      stage.wait(12_000);
    },
    only: /^leaderless/,
  },
];

/** The member that an exchange's name speaks of: the leader is the first one at the start. */
function memberOf(exchange: Exchange, stage: Stage): number {
  const leading = Math.max(0, ['pd1', 'pd2', 'pd3'].indexOf(stage.sim.model.leaderMember() ?? ''));
  const { name } = exchange;
  if (/^(?:leader killed: old leader|members from the leader|leader: )/.test(name)) return 0;
  if (
    /^(?:leader killed: follower|members from a follower|health from a follower|follower)/.test(
      name,
    )
  )
    return 1;
  if (name.startsWith('leader resigned: old leader')) return 1;
  if (/^(?:quorum|no quorum|leader resigned: another)/.test(name)) return 2;
  return leading;
}

function startOthers(stage: Stage): void {
  stage.sim.faults.startMember({ member: 'pd1' });
  stage.sim.faults.startMember({ member: 'pd2' });
  stage.wait(15_000);
}

const failover: readonly Situation[] = [
  {
    file: 'v8.5.7/failover.json',
    options: { version: '8.5', members: 3, keyspaceSplit: true, ...TOGETHER },
    before: {
      'prepare: its record': (stage) => stage.wait(200),
      'leader killed: the act': (stage) => stage.alignTo(4_400),
      '#59': (stage) => {
        stage.moveTo(512);
        stage.sim.faults.loseLeader();
      },
      '#106': (stage) => {
        stage.moveTo(508);
        stage.sim.faults.loseLeader();
      },
      'all back: members': startOthers,
      '#132': (stage) => stage.alignTo(2_000),
    },
    laterThan: { 130: 143 },
    notReplayed: {
      '#72':
        'the stores had started seconds before: the heartbeats that PD persists were still fresh',
    },
    member: memberOf,
    only: /^(?!planned move|no quorum local|quorum back)/,
  },
  {
    file: 'v8.5.7/failover.json',
    options: { version: '8.5', members: 3, keyspaceSplit: true, ...TOGETHER },
    prelude: (stage) => {
      stage.sim.faults.moveLeader({ member: 'pd2' });
      stage.wait(20_000);
    },
    member: memberOf,
    only: /^planned move/,
  },
  {
    file: 'v8.5.7/failover.json',
    options: { version: '8.5', members: 3, keyspaceSplit: true, ...TOGETHER },
    prelude: (stage) => {
      stage.sim.faults.loseLeader();
      stage.wait(15_000);
      stage.sim.faults.loseLeader();
    },
    before: {
      'quorum back: survivor: schedulers': (stage) => {
        stage.sim.faults.startMember({ member: 'pd1', startingMs: 100 });
        stage.wait(200);
      },
    },
    member: memberOf,
    only: /^(?:no quorum local|quorum back)/,
  },
  {
    file: 'v6.5.12/failover.json',
    options: { version: '6.5', members: 3, ...TOGETHER },
    before: {
      'prepare: its record': (stage) => stage.wait(200),
      'after: stores': async (stage) => {
        stage.sim.faults.loseLeader();
        stage.wait(30_000);
        await stage.send(
          {
            method: 'POST',
            path: '/pd/api/v1/schedulers/balance-leader-scheduler',
            body: '{"delay":7200}',
          },
          1,
        );
      },
      'no quorum local: /members': (stage) => stage.sim.faults.loseLeader(),
      '#64': (stage) => stage.alignTo(8_300),
      '#70': (stage) => {
        stage.moveTo(507);
        stage.sim.faults.startMember({ member: 'pd1', startingMs: 0 });
      },
      'all back: members': (stage) => {
        stage.sim.faults.startMember({ member: 'pd2' });
        stage.wait(15_000);
      },
      '#96': (stage) => {
        stage.wait(11_000);
        stage.alignTo(9_250);
      },
      '#94': (stage) => stage.moveTo(510),
    },
    laterThan: { 94: 107 },
    notReplayed: {
      'no quorum local: /config/schedule':
        'shows the store limits that this member had once loaded; the model’s followers never load any',
    },
    member: memberOf,
  },
];

export const leaderSituations: readonly Situation[] = [...restart, ...failover];
