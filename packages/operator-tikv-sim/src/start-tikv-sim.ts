import { ALL_ROUTES } from './endpoints/all-routes.ts';
import { type ControlServer, openControlServer } from './control/control-server.ts';
import { createFaults } from './faults/create-faults.ts';
import type { Faults } from './faults/faults.ts';
import { AnswerFaults } from './server/answer-faults.ts';
import { MemberServer } from './server/member-server.ts';
import type { ReceivedRequest } from './server/requests.ts';
import { Router } from './server/router.ts';
import { createWorld } from './simulation/create-world.ts';
import type { Member } from './world/cluster/leadership.ts';
import type { WorldSettings } from './world/world.ts';
import { type TikvSimOptions, type CompleteOptions, completeOptions } from './options.ts';
import { Timekeeper } from './timekeeper.ts';
import { type Model, createModel } from './control/views.ts';

/** A running simulated cluster. */
export interface TikvSim {
  /** One URL per PD member, the first leader's first. */
  readonly endpoints: readonly string[];
  /** URL of the control API for other processes; undefined unless asked for. */
  readonly controlUrl: string | undefined;
  /** PD's cluster id, larger than 2^53: decimal text. */
  readonly clusterId: string;
  /** The release that is spoken, for example `8.5.7`. */
  readonly release: string;
  /** Every request received, in order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** Forgets the requests received so far. */
  clearRequests(): void;
  /** The model's own time in milliseconds since the Unix epoch; `advance` moves it on by hand. */
  readonly clock: { now(): number; advance(ms: number): void };
  /** Makes things go wrong. */
  readonly faults: Faults;
  /** True state, independent of the answers of PD. */
  readonly model: Model;
  /** Closes every server. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts a simulated PD cluster with TiKV stores behind HTTP on 127.0.0.1. Must be stopped. Rejects with a
 * RangeError for options that make no cluster.
 */
export async function startTikvSim(options: TikvSimOptions = {}): Promise<TikvSim> {
  const complete = completeOptions(options);
  const servers = new Map<Member, MemberServer>();
  const world = createWorld({
    settings: settingsOf(complete),
    version: complete.version,
    startAt: complete.startAt,
    sockets: {
      opened: (member) => void servers.get(member)?.reopen(),
      closed: (member) => void servers.get(member)?.close(),
    },
  });
  const isReachable = (): boolean =>
    world.leadership.members.some((member) => member.state !== 'down');
  const timekeeper = new Timekeeper(world.clock, complete, isReachable);
  const answers = new AnswerFaults();
  const requests: ReceivedRequest[] = [];
  const router = new Router(ALL_ROUTES, complete.version);
  const context = { world, router, faults: answers, requests, tick: () => timekeeper.tick() };
  for (const [index, member] of world.leadership.members.entries()) {
    const server = new MemberServer(
      context,
      member,
      complete.port === 0 ? 0 : complete.port + index,
    );
    servers.set(member, server);
    await server.open();
  }
  timekeeper.start();
  const handle = {
    endpoints: world.leadership.members.map((member) => member.clientUrl),
    clusterId: world.clusterId.toString(),
    release: world.profile.release,
    requests,
    clearRequests: () => void requests.splice(0),
    clock: { now: () => world.clock.now(), advance: (ms: number) => timekeeper.advance(ms) },
    faults: createFaults(world, answers),
    model: createModel(world),
  };
  const control: ControlServer | undefined = complete.control
    ? await openControlServer(handle)
    : undefined;
  const stop = async (): Promise<void> => {
    timekeeper.stop();
    await control?.close();
    await Promise.all([...servers.values()].map((server) => server.stop()));
  };
  return { ...handle, controlUrl: control?.url, stop };
}

function settingsOf(options: CompleteOptions): WorldSettings {
  return {
    seed: options.seed,
    stores: options.stores,
    tiflashStores: options.tiflashStores,
    regions: options.regions,
    replicas: options.replicas,
    regionSizeMiB: options.regionSizeMiB,
    members: options.members,
    keyspaceSplit: options.keyspaceSplit,
    bootstrapped: options.bootstrapped,
    schedulersPaused: options.schedulersPaused,
    regionHeartbeatMs: options.regionHeartbeatMs,
    spreadHeartbeats: options.spreadHeartbeats,
    downPeerAfterMs: options.downPeerAfterMs,
  };
}
