import type { JsonObject, Plan, Refusal } from 'operator-core';
import type { Engine, GatedSubject, LedgerLimits, RunEvent, RunResult } from 'operator-engine';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { PDClient } from '../../src/pd/index.ts';
import type { PDRegion, PDStore } from '../../src/pd/index.ts';
import { drain } from '../gate/drain.ts';
import { PdProxy } from '../gate/pd-proxy.ts';
import { Site } from '../gate/site.ts';
import { PdByHand } from './by-hand.ts';
import { Faults } from './faults.ts';
import { restoreSettings } from './restore.ts';
import { waitUntilReady } from './readiness.ts';
import { requireEndpoints } from './settings.ts';
import { placementOf, takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { until } from './until.ts';

/** A region that can be moved, and where to. */
export interface Movable {
  readonly regionId: number;
  readonly leader: string;
  /** A store with a healthy voter that does not lead. */
  readonly follower: string;
  /** A store without a peer. */
  readonly free: string;
}

/** What a test is opened with. */
interface Opened {
  readonly site: Site;
  readonly engine: Engine;
  readonly subject: GatedSubject;
}

/** How long PD's balancers may take to come to rest, and how long nothing must have happened for that. */
const QUIET_MS = 120_000;
const STILL_MS = 6_000;

/**
 * The cluster under test: PD by hand, and past a proxy that notes what is sent, the plugin behind the gate,
 * with a ledger of its own for every test. No test finds a limit or a drain that another has left.
 */
export class LiveCluster {
  readonly pd: PDClient;
  readonly hand: PdByHand;
  readonly faults: Faults;
  #opened: Opened | null = null;
  #before: Snapshot | null = null;

  constructor(ledgerLimits: Partial<LedgerLimits> = {}) {
    const endpoints = requireEndpoints();
    this.pd = new PDClient({ endpoints, callerId: 'operator-live-tests' });
    this.hand = new PdByHand(endpoints);
    this.faults = new Faults(this.hand);
    beforeAll(async () => {
      await this.hand.discover();
      this.#before = await takeSnapshot(this);
    });
    beforeEach(async () => {
      const site = await openSite(this.pd, endpoints, ledgerLimits);
      const engine = await site.engine();
      this.#opened = { site, engine, subject: await engine.openSubject() };
    });
    afterEach(async () => {
      const opened = this.#opened;
      this.#opened = null;
      await opened?.site.close();
      // Regions are put back at the end of it all: the cluster's balancers move them, too.
      await restoreSettings(this, this.before);
    });
    afterAll(() => this.pd.close());
  }

  /** The cluster as the tests of this file found it. */
  get before(): Snapshot {
    if (this.#before === null) throw new Error('no snapshot yet');
    return this.#before;
  }

  /** Mends everything that is broken, and waits until PD knows the cluster again. */
  async mend(): Promise<void> {
    await this.faults.mend();
    await waitUntilReady(this, this.before);
  }

  get #parts(): Opened {
    if (this.#opened === null) throw new Error('not opened yet');
    return this.#opened;
  }

  get site(): Site {
    return this.#parts.site;
  }

  get engine(): Engine {
    return this.#parts.engine;
  }

  get subject(): GatedSubject {
    return this.#parts.subject;
  }

  /** The plan; anything else fails the test. */
  async plan(action: string, parameters: JsonObject): Promise<Plan> {
    const outcome = await this.subject.plan(action, parameters);
    if (outcome.kind === 'plan') return outcome.plan;
    throw new Error(`no plan, but ${JSON.stringify(outcome)}`);
  }

  /** The refusal; anything else fails the test. */
  async refusal(action: string, parameters: JsonObject): Promise<Refusal> {
    const outcome = await this.subject.plan(action, parameters);
    if (outcome.kind === 'refused') return outcome.refusal;
    throw new Error(`not refused, but ${JSON.stringify(outcome)}`);
  }

  /** Applies a plan. `at` is waited for before the run goes on after an event. */
  async apply(plan: Plan, options: ApplyOptions = {}, at?: AtEvent): Promise<RunResult> {
    const { result } = await drain(this.subject.apply(plan, options), at);
    return result;
  }

  /** Takes a run back, from what was recorded of it. */
  async undo(runId: string): Promise<RunResult> {
    const { subject, plan, purpose } = await this.engine.runs.planUndo(runId);
    return (await drain(subject.apply(plan, { purpose }))).result;
  }

  /** Whether the effect is there now. */
  async isThere(action: string, parameters: JsonObject): Promise<boolean> {
    const looking = this.subject.verify(action, parameters);
    for (;;) {
      const next = await looking.next();
      if (next.done === true) return next.value.state === 'succeeded';
    }
  }

  /** TiKV stores that are Up. */
  async stores(): Promise<readonly PDStore[]> {
    const stores = await this.pd.getStores();
    return stores.filter(({ state, isTiFlash }) => state === 'Up' && !isTiFlash);
  }

  /** Stores to drain: those that lead regions, the fewest first. */
  async drainable(): Promise<readonly PDStore[]> {
    return (await this.stores())
      .filter(({ leaderCount }) => leaderCount > 0)
      .toSorted((one, other) => one.leaderCount - other.leaderCount);
  }

  /** Stores that leaders are kept away from. */
  async drained(): Promise<readonly number[]> {
    return (await this.pd.getEvictLeaderStores())?.storeIds ?? [];
  }

  /** Where the peers of a region are. */
  async storesOf(regionId: number): Promise<readonly number[]> {
    const region = await this.pd.getRegion(regionId);
    return region === null ? [] : placementOf(region).storeIds;
  }

  /** Waits until the balancers have put back what an earlier test had moved away. */
  async #rest(): Promise<void> {
    let seen = '';
    let since = performance.now();
    await until(async () => {
      const [operators, stores] = await Promise.all([this.pd.getOperators(), this.stores()]);
      const now = stores.map(({ id, leaderCount }) => `${id}:${leaderCount}`).join(' ');
      if (operators.length > 0 || now !== seen) since = performance.now();
      seen = now;
      return performance.now() - since >= STILL_MS;
    }, QUIET_MS);
  }

  /** A small, healthy region on which nothing runs, once PD has come to rest. */
  async movable(): Promise<Movable> {
    await this.#rest();
    const [regions, stores, operators] = await Promise.all([
      this.pd.getRegionsByKey({ limit: 256 }),
      this.stores(),
      this.pd.getOperators(),
    ]);
    const storeIds = stores
      .toSorted((one, other) => one.leaderCount - other.leaderCount)
      .map(({ id }) => id);
    const busy = new Set(operators.map(({ regionId }) => regionId));
    const candidates = regions
      .filter((region) => !busy.has(region.id) && isHealthy(region))
      .toSorted((one, other) => one.approximateSizeMiB - other.approximateSizeMiB);
    const movable = candidates.flatMap((region) => toMovable(region, storeIds) ?? []);
    // What goes to a store that leads fewer is not what PD's balancer takes back.
    const rank = (id: string): number => storeIds.indexOf(Number(id));
    const found = movable.find((one) => rank(one.follower) < rank(one.leader)) ?? movable[0];
    if (found !== undefined) return found;
    throw new Error('no region has three healthy voters and a store without a peer');
  }
}

type ApplyOptions = NonNullable<Parameters<GatedSubject['apply']>[1]>;
type AtEvent = (event: RunEvent) => void | Promise<void>;

/** With a proxy before every member that PD tells of, so that nothing goes another way. */
async function openSite(
  pd: PDClient,
  endpoints: readonly string[],
  ledgerLimits: Partial<LedgerLimits>,
): Promise<Site> {
  const { members } = await pd.getMembers();
  const told = members.flatMap(({ clientUrls }) => clientUrls);
  const targets = new Set([...endpoints, ...told].map((url) => new URL(url).origin));
  const proxy = await new PdProxy([...targets]).open();
  return new Site({ proxy, options: { ledgerLimits } });
}

function isHealthy(region: PDRegion): boolean {
  const isQuiet = region.pendingPeers.length + region.downPeers.length === 0;
  return isQuiet && region.leader !== null && region.peers.every(({ role }) => role === 'Voter');
}

function toMovable(region: PDRegion, storeIds: readonly number[]): Movable | null {
  const held = region.peers.map(({ storeId }) => storeId);
  const leader = region.leader?.storeId;
  const follower = storeIds.find((id) => id !== leader && held.includes(id));
  const free = storeIds.find((id) => !held.includes(id));
  if (leader === undefined || follower === undefined || free === undefined) return null;
  return {
    regionId: region.id,
    leader: String(leader),
    follower: String(follower),
    free: String(free),
  };
}
