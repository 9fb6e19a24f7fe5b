import type { JsonObject, Plan, Refusal } from 'operator-core';
import type { Engine, GatedSubject, LedgerLimits, RunEvent, RunResult } from 'operator-engine';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { PDClient } from '../../src/pd/index.ts';
import type { PDStore } from '../../src/pd/index.ts';
import { drain } from '../gate/drain.ts';
import { PdProxy } from '../gate/pd-proxy.ts';
import { Site } from '../gate/site.ts';
import { PdByHand } from './by-hand.ts';
import { Faults } from './faults.ts';
import { restoreSettings } from './restore.ts';
import { findMovable, readUpStores } from './find-movable.ts';
import type { Movable } from './find-movable.ts';
import { waitUntilReady } from './readiness.ts';
import { requireEndpoints } from './settings.ts';
import { placementOf, takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { until } from './until.ts';

interface HandRegion {
  readonly leader?: { readonly store_id?: number };
  readonly peers?: readonly { readonly store_id: number }[];
}

/** What a test is opened with. */
interface Opened {
  readonly site: Site;
  readonly engine: Engine;
  readonly subject: GatedSubject;
}

/** Nothing that a test waits for takes longer, whatever the deadline of PD. */
const MOST_MS = 300_000;
/** A dead owner is found after its time to live and a margin. */
const ABANDONED_MS = 120_000;

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

  /** Waits until PD's leader knows stores, regions and schedulers, however many members live. */
  async readable(): Promise<void> {
    await waitUntilReady(this, { ...this.before, members: [] });
  }

  /** The store that leads a region, by PD's own word. */
  async leaderOf(regionId: number): Promise<string> {
    const region = await this.hand.read<HandRegion>(`region/id/${regionId}`);
    return String(region.leader?.store_id);
  }

  /** Stores with a peer of the region, by PD's own word. */
  async peersOf(regionId: number): Promise<readonly string[]> {
    const region = await this.hand.read<HandRegion>(`region/id/${regionId}`);
    return (region.peers ?? []).map(({ store_id: id }) => String(id)).toSorted();
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

  /** Applies a plan. `at` is waited for before the run goes on after an event. Gives up after five minutes. */
  async apply(plan: Plan, options: ApplyOptions = {}, at?: AtEvent): Promise<RunResult> {
    const signal = AbortSignal.timeout(MOST_MS);
    const { result } = await drain(this.subject.apply(plan, { signal, ...options }), at);
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
    return readUpStores(this.pd);
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

  /** Waits until a run is found whose owner is dead. */
  async untilAbandoned(): Promise<void> {
    const { runs } = await this.engine.openLedger();
    const isFound = async (): Promise<boolean> => (await runs.abandoned()).length > 0;
    if (!(await until(isFound, ABANDONED_MS))) throw new Error('no run was abandoned');
  }

  /** A small, healthy region on which nothing runs, once PD has come to rest. */
  movable(): Promise<Movable> {
    return findMovable(this.pd);
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
