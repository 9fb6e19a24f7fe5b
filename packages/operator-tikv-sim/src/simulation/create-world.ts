import { Checker } from '../operators/checker.ts';
import { OperatorController } from '../world/operators/operator-controller.ts';
import { runOperator } from '../operators/run-operator.ts';
import { SchedulerRegistry } from '../world/schedulers/scheduler-registry.ts';
import { startSchedulers } from './run-schedulers.ts';
import { RuleBook } from '../world/placement/rule-book.ts';
import { createClock } from '../world/cluster/clock.ts';
import { Config } from '../world/cluster/config.ts';
import { Leadership, type LeadershipHooks, type Member } from '../world/cluster/leadership.ts';
import { populate } from './populate.ts';
import { type ProfileVersion, profileOf } from '../world/cluster/profile.ts';
import { type Random, createRandom } from '../world/cluster/random.ts';
import { beginTerm } from './reporting.ts';
import { startStoreLoop } from './store-loop.ts';
import { Topology } from '../world/cluster/topology.ts';
import type { ModelFaults, World, WorldSettings } from '../world/world.ts';

export interface WorldOptions {
  readonly settings: WorldSettings;
  readonly version: ProfileVersion;
  readonly startAt: number;
  /** Called when a member's process begins or stops to accept connections. */
  readonly sockets: Pick<LeadershipHooks, 'opened' | 'closed'>;
}

/** Builds the model; it does nothing until its clock moves. */
export function createWorld(options: WorldOptions): World {
  const { settings } = options;
  const profile = profileOf(options.version);
  const clock = createClock(options.startAt);
  const random = createRandom(settings.seed);
  const topology = new Topology();
  const faults: ModelFaults = {
    holdOperators: false,
    leaveUnstarted: 0,
    indexFrozen: false,
    checkersPaused: false,
    refusals: [],
  };
  const config = new Config(profile, clock, settings.replicas);
  const operators = new OperatorController(clock, {
    run: (operator) => runOperator(world, operator),
    released: (regionId) => world.checker.notice(regionId),
    takeUnstarted: () => takeOne(faults),
  });
  const leadership = new Leadership({
    clock,
    profile,
    members: createMembers(settings.members, random, options.startAt),
    hooks: {
      ...options.sockets,
      ledBy: (_member, knowledge) => beginTerm(world, knowledge),
    },
  });
  const world: World = {
    settings,
    profile,
    clock,
    random,
    topology,
    config,
    placement: new RuleBook(config),
    leadership,
    operators,
    checker: new Checker(() => world),
    schedulers: new SchedulerRegistry(profile, clock, topology),
    faults,
    clusterId: 7_710_710_000_000_000_000n + BigInt(random.below(2 ** 31)) * 1_000n + 17n,
    checkerPauses: new Map(),
    scattered: new Map(),
  };
  if (settings.bootstrapped) start(world);
  return world;
}

function start(world: World): void {
  populate(world);
  if (world.settings.schedulersPaused) world.schedulers.pause('all', 7_200);
  startSchedulers(world);
  startStoreLoop(world);
}

function takeOne(faults: ModelFaults): boolean {
  if (faults.leaveUnstarted === 0) return false;
  faults.leaveUnstarted -= 1;
  return true;
}

function createMembers(count: number, random: Random, startedAt: number): Member[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `pd${index + 1}`,
    id: (BigInt(random.below(2 ** 30)) << 33n) + BigInt(random.below(2 ** 31)) + (1n << 62n),
    state: 'up',
    clientUrl: '',
    peerUrl: '',
    priority: 0,
    startedAt: startedAt - 125_000,
    knowledge: 'all',
  }));
}
