import type { AnswerFaults } from '../server/answer-faults.ts';
import { electAfterWaking, electable, scheduleElections } from '../simulation/elections.ts';
import { silence, wake } from '../world/cluster/heartbeat.ts';
import type { Member } from '../world/cluster/leadership.ts';
import type { Peer } from '../world/cluster/peer.ts';
import { addStore } from '../simulation/populate.ts';
import { codedText } from '../world/cluster/profile.ts';
import { type Region, peerOn } from '../world/cluster/region.ts';
import type { Store } from '../world/cluster/store.ts';
import type { World } from '../world/world.ts';
import { PRIORITY, createOperator } from '../world/operators/operator.ts';
import type { Faults } from './faults.ts';

type StoreFaults = Pick<
  Faults,
  'silenceStore' | 'wakeStore' | 'delayFirstHeartbeat' | 'slowStore' | 'addStore' | 'fillStore'
>;
type RegionFaults = Pick<
  Faults,
  | 'leaveLeaderless'
  | 'restoreLeader'
  | 'setDownPeer'
  | 'setPendingPeer'
  | 'clearPeerFaults'
  | 'makeWitness'
  | 'takeOverRecord'
  | 'heatRegion'
>;
type LeaderFaults = Pick<
  Faults,
  'loseLeader' | 'killMember' | 'startMember' | 'restartLeader' | 'moveLeader'
>;
type AnswerFaultMethods = Pick<Faults, 'dropAnswer' | 'delayAnswer' | 'answerWith'>;
type OperatorFaults = Pick<
  Faults,
  'refuseOperator' | 'holdOperators' | 'leaveUnstarted' | 'pauseCheckers' | 'freezeIndex' | 'clear'
>;

const STARTING_MS = 4_600;

export function createFaults(world: World, answers: AnswerFaults): Faults {
  return {
    ...storeFaults(world),
    ...regionFaults(world),
    ...leaderFaults(world),
    ...answerFaults(answers),
    ...operatorFaults(world, answers),
  };
}

function storeFaults(world: World): StoreFaults {
  return {
    silenceStore: ({ storeId, keepLeaders }) => {
      const store = storeOf(world, storeId);
      silence(store, world.clock.now());
      if (keepLeaders !== true) scheduleElections(world, store);
    },
    wakeStore: ({ storeId }) => {
      const store = storeOf(world, storeId);
      wake(store, world.clock.now());
      electAfterWaking(world, store);
    },
    delayFirstHeartbeat: ({ storeId, ms }) => {
      storeOf(world, storeId).persistMs = ms;
    },
    slowStore: ({ storeId, busy }) => {
      storeOf(world, storeId).busy = busy ?? true;
    },
    fillStore: ({ storeId, availableBytes }) => {
      const store = storeOf(world, storeId);
      store.foreignBytes = Math.max(
        0,
        store.capacityBytes - store.dataMiB * 1024 ** 2 - availableBytes,
      );
    },
    addStore: ({ labels, firstHeartbeatAfterMs }) =>
      addStore(world, {
        labels: labels ?? [],
        registeredAt: 0,
        firstHeartbeatAfterMs: firstHeartbeatAfterMs ?? 10_000,
      }).id,
  };
}

function regionFaults(world: World): RegionFaults {
  const former = new Map<number, Peer>();
  return {
    leaveLeaderless: ({ regionId }) => {
      const region = regionOf(world, regionId);
      if (region.leader !== undefined) former.set(regionId, region.leader);
      world.topology.setLeader(region, undefined);
    },
    restoreLeader: ({ regionId }) => {
      const region = regionOf(world, regionId);
      const held = peerOn(region, former.get(regionId)?.storeId ?? 0);
      world.topology.setLeader(region, held ?? electable(world, region));
    },
    setDownPeer: ({ regionId, storeId, seconds }) =>
      void regionOf(world, regionId).down.set(storeId, seconds ?? 300),
    setPendingPeer: ({ regionId, storeId }) =>
      world.topology.setPending(regionOf(world, regionId), storeId, true),
    clearPeerFaults: ({ regionId }) => {
      const region = regionOf(world, regionId);
      region.down.clear();
      for (const storeId of region.pending) world.topology.setPending(region, storeId, false);
    },
    makeWitness: ({ regionId, storeId }) => {
      const peer = peerOn(regionOf(world, regionId), storeId);
      if (peer === undefined)
        throw new RangeError(`region ${regionId} has no replica on store ${storeId}`);
      peer.isWitness = true;
    },
    takeOverRecord: ({ regionId, description, status }) => {
      const region = regionOf(world, regionId);
      const storeId = region.peers.at(-1)?.storeId ?? 0;
      const draft = {
        description: description ?? 'remove-orphan-peer',
        brief: `rm peer: store [${storeId}]`,
        kinds: ['region'],
        priority: PRIORITY.medium,
        steps: [{ kind: 'remove', storeId }],
      } as const;
      const operator = createOperator(draft, region, world.clock.nanoseconds());
      operator.startedAt = world.clock.nanoseconds();
      operator.currentStep = status === undefined || status === 'SUCCESS' ? 1 : 0;
      world.operators.overwriteRecord(operator, status ?? 'SUCCESS');
    },
    heatRegion: ({ regionId, ...flow }) => {
      const region = regionOf(world, regionId);
      world.topology.setFlow(region, { ...region.flow, ...flow });
    },
  };
}

function leaderFaults(world: World): LeaderFaults {
  const { leadership } = world;
  return {
    loseLeader: () => leadership.killLeader(),
    killMember: ({ member }) => leadership.killMember(memberOf(world, member)),
    startMember: ({ member, startingMs }) =>
      leadership.startMember(memberOf(world, member), startingMs ?? STARTING_MS),
    restartLeader: (options = {}) =>
      leadership.restartLeader({
        downMs: options.downMs ?? 1_400,
        startingMs: options.startingMs ?? STARTING_MS,
        warm: options.warm ?? false,
      }),
    moveLeader: ({ member }) => leadership.transferTo(memberOf(world, member)),
  };
}

function answerFaults(answers: AnswerFaults): AnswerFaultMethods {
  return {
    dropAnswer: ({ when, ...match }) => answers.arm(match, { kind: 'drop', when: when ?? 'after' }),
    delayAnswer: ({ ms, ...match }) => answers.arm(match, { kind: 'delay', ms }),
    answerWith: ({ status, body, headers, executed, ...match }) =>
      answers.arm(match, {
        kind: 'raw',
        isExecuted: executed === true,
        reply: { status, headers: headers ?? {}, body: body ?? '' },
      }),
  };
}

function operatorFaults(world: World, answers: AnswerFaults): OperatorFaults {
  const standardText = codedText(
    world.profile,
    'operator:ErrAddOperator',
    'failed to add operator, maybe already have one',
  );
  return {
    refuseOperator: (options) => {
      const times = options.times ?? 1;
      world.faults.refusals.push({
        name: options.name,
        regionId: options.regionId,
        status: options.status ?? 500,
        text: options.text ?? standardText,
        times: times < 0 ? Infinity : times,
      });
    },
    holdOperators: (options = {}) => {
      world.faults.holdOperators = options.hold ?? true;
    },
    leaveUnstarted: (options = {}) => {
      world.faults.leaveUnstarted = options.times ?? 1;
    },
    pauseCheckers: (options = {}) => {
      world.faults.checkersPaused = options.paused ?? true;
      world.checker.wake();
    },
    freezeIndex: () => {
      world.faults.indexFrozen = true;
      world.topology.freeze(true);
    },
    clear: () => {
      answers.clear();
      world.faults.refusals.length = 0;
      world.faults.holdOperators = false;
      world.faults.leaveUnstarted = 0;
      world.faults.checkersPaused = false;
      world.checker.wake();
    },
  };
}

function storeOf(world: World, storeId: number): Store {
  const store = world.topology.stores.get(storeId);
  if (store === undefined) throw new RangeError(`the simulated cluster has no store ${storeId}`);
  return store;
}

function regionOf(world: World, regionId: number): Region {
  const region = world.topology.regions.get(regionId);
  if (region === undefined) throw new RangeError(`the simulated cluster has no region ${regionId}`);
  return region;
}

function memberOf(world: World, name: string): Member {
  const member = world.leadership.members.find((each) => each.name === name);
  if (member === undefined) throw new RangeError(`the simulated cluster has no PD member ${name}`);
  return member;
}
