import type { JsonObject, Plan } from 'operator-core';
import type { GatedSubject, RunEvent, RunResult } from 'operator-engine';
import { afterAll, beforeAll } from 'vitest';
import { PDClient } from '../../src/pd/index.ts';
import type { PDRegion, PDStore } from '../../src/pd/index.ts';
import { openSubject } from '../open-subject.ts';
import type { OpenedSubject } from '../open-subject.ts';
import { requireEndpoints } from './settings.ts';
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

const QUIET_MS = 60_000;

/** The cluster under test: PD by hand, and the plugin behind the gate. Opened before, closed after all tests. */
export class LiveCluster {
  readonly pd: PDClient;
  #opened: OpenedSubject | null = null;

  constructor() {
    const endpoints = requireEndpoints();
    this.pd = new PDClient({ endpoints, callerId: 'operator-live-tests' });
    beforeAll(async () => {
      this.#opened = await openSubject(endpoints);
    });
    afterAll(async () => {
      await this.#opened?.close();
      await this.pd.close();
    });
  }

  get subject(): GatedSubject {
    if (this.#opened === null) throw new Error('not opened yet');
    return this.#opened.subject;
  }

  /** The plan; anything else fails the test. */
  async plan(action: string, parameters: JsonObject): Promise<Plan> {
    const outcome = await this.subject.plan(action, parameters);
    if (outcome.kind === 'plan') return outcome.plan;
    throw new Error(`no plan, but ${JSON.stringify(outcome)}`);
  }

  /** Applies a plan. */
  async apply(plan: Plan, options: { readonly wait?: boolean } = {}): Promise<RunResult> {
    let last: RunEvent | undefined;
    for await (const event of this.subject.apply(plan, options)) last = event;
    if (last?.kind !== 'finished') throw new Error('the run did not finish');
    return last.result;
  }

  /** Undoes a plan by its inverse. */
  async undo({ inverse }: Plan): Promise<RunResult> {
    if (!('action' in inverse)) throw new Error(inverse.none);
    return this.apply(await this.plan(inverse.action, inverse.parameters));
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

  /** A small, healthy region on which nothing runs, once PD has come to rest. */
  async movable(): Promise<Movable> {
    await until(async () => (await this.pd.getOperators()).length === 0, QUIET_MS);
    const [regions, stores, operators] = await Promise.all([
      this.pd.getRegionsByKey({ limit: 256 }),
      this.stores(),
      this.pd.getOperators(),
    ]);
    const storeIds = stores.map(({ id }) => id);
    const busy = new Set(operators.map(({ regionId }) => regionId));
    const candidates = regions
      .filter((region) => !busy.has(region.id) && isHealthy(region))
      .toSorted((one, other) => one.approximateSizeMiB - other.approximateSizeMiB);
    for (const region of candidates) {
      const found = toMovable(region, storeIds);
      if (found !== null) return found;
    }
    throw new Error('no region has three healthy voters and a store without a peer');
  }
}

function isHealthy(region: PDRegion): boolean {
  const isQuiet = region.pendingPeers.length + region.downPeers.length === 0;
  return isQuiet && region.leader !== null && region.peers.every(({ role }) => role === 'Voter');
}

function toMovable(region: PDRegion, storeIds: readonly number[]): Movable | null {
  const held = region.peers.map(({ storeId }) => storeId);
  const leader = region.leader?.storeId;
  const follower = held.find((id) => id !== leader && storeIds.includes(id));
  const free = storeIds.find((id) => !held.includes(id));
  if (leader === undefined || follower === undefined || free === undefined) return null;
  return {
    regionId: region.id,
    leader: String(leader),
    follower: String(follower),
    free: String(free),
  };
}
