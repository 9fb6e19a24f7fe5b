import { describe, expect, test } from 'vitest';
import { NOW } from '../gate/site.ts';
import { startWorker } from '../gate/start-worker.ts';
import { atNextChange } from './at-change.ts';
import { LiveCluster } from './cluster.ts';

/** A drain that cannot end is ended long before its deadline of minutes. */
const SOON_MS = 120_000;
/** One look at the system. */
const LOOK_MS = 60_000;

const cluster = new LiveCluster();

/** A store whose leader of a region can go nowhere once the other voters of the region are drained. */
interface Trap {
  readonly storeId: string;
  readonly regionId: number;
  readonly others: readonly string[];
}

async function findTrap(): Promise<Trap> {
  const { regionId, leader } = await cluster.movable();
  const peers = await cluster.peersOf(regionId);
  return { storeId: leader, regionId, others: peers.filter((id) => id !== leader) };
}

/** Drains the other stores past the gate, as an administrator does. */
async function close({ others }: Trap): Promise<void> {
  for (const id of others) {
    await cluster.hand.change('POST', 'schedulers', {
      name: 'evict-leader-scheduler',
      store_id: Number(id),
    });
  }
}

/** Waits for words of a drain's verification, so long at most, and lets something happen then. */
class Hurdles {
  readonly met: string[] = [];
  #left: readonly Hurdle[];
  #sinceMs = 0;

  constructor(hurdles: readonly Hurdle[]) {
    this.#left = hurdles;
  }

  async look(summary: string, elapsedMs: number): Promise<void> {
    const [hurdle, ...left] = this.#left;
    if (hurdle === undefined) return;
    const isMet = hurdle.told.test(summary);
    if (!isMet && elapsedMs - this.#sinceMs < TOLD_MS) return;
    if (isMet) this.met.push(hurdle.name);
    this.#left = left;
    this.#sinceMs = elapsedMs;
    await hurdle.next();
  }
}

/** A reason for which nothing happens: the words that must tell of it, and the step beyond it. */
interface Hurdle {
  readonly name: string;
  readonly told: RegExp;
  readonly next: () => Promise<unknown>;
}

const TOLD_MS = 30_000;

describe('a drain that is held up', () => {
  test('says why by each reason, and goes on when it is gone', async () => {
    const [store] = await cluster.drainable();
    const plan = await cluster.plan('drain_store', { store_id: String(store?.id) });
    const limit = Number(cluster.before.schedule['leader-schedule-limit']);
    const setLimit = (to: number): Promise<unknown> =>
      cluster.hand.change('POST', 'config/schedule', { 'leader-schedule-limit': to });
    const pause = (delay: number): Promise<unknown> =>
      cluster.hand.change('POST', 'schedulers/evict-leader-scheduler', { delay });
    const hurdles = new Hurdles([
      {
        name: 'limit',
        told: /leader-schedule-limit/u,
        next: () => pause(600).then(() => setLimit(limit)),
      },
      { name: 'pause', told: /paused/u, next: () => pause(0) },
    ]);
    atNextChange(cluster.site, { at: 'arrived' }, async () => {
      await setLimit(0);
    });
    const result = await cluster.apply(plan, { leaseMs: 3_600_000 }, async (event) => {
      if (event.kind !== 'verifying') return;
      await hurdles.look(event.verification?.summary ?? '', event.elapsedMs);
    });
    expect(result).toMatchObject({ state: 'succeeded', error: null });
    expect(hurdles.met).toEqual(['limit', 'pause']);
    await cluster.engine.leases.end(result.runId, { reason: 'the test is over' });
    expect(await cluster.drained()).toEqual([]);
  });
});

describe('a drain that cannot end', () => {
  test('is refused, and each region that would stay is named', async () => {
    const trap = await findTrap();
    await close(trap);
    const refusal = await cluster.refusal('drain_store', { store_id: trap.storeId });
    expect(`${refusal.message} ${JSON.stringify(refusal.facts)}`).toContain(String(trap.regionId));
    expect(cluster.site.changes()).toEqual([]);
  });

  test('that begins nevertheless says which regions stay, ends, and can be taken back', async () => {
    const trap = await findTrap();
    const plan = await cluster.plan('drain_store', { store_id: trap.storeId });
    atNextChange(cluster.site, { at: 'arrived' }, () => close(trap));
    const signal = AbortSignal.timeout(SOON_MS);
    const result = await cluster.apply(plan, { leaseMs: 3_600_000, signal });
    expect(result.state, result.summary).toMatch(/^(?:ineffective|failed)$/u);
    expect(`${result.summary} ${JSON.stringify(result.verification)}`).toContain(
      String(trap.regionId),
    );
    expect(await cluster.leaderOf(trap.regionId)).toBe(trap.storeId);
    await cluster.engine.leases
      .end(result.runId, { reason: 'the test is over' })
      .catch(() => undefined);
    expect(await cluster.drained()).not.toContain(Number(trap.storeId));
    expect(await cluster.engine.leases.get(result.runId)).toMatchObject({ state: 'ended' });
  });

  test('of a process that died is looked at once by recover', async () => {
    const trap = await findTrap();
    const plan = await cluster.plan('drain_store', { store_id: trap.storeId });
    atNextChange(cluster.site, { at: 'arrived' }, () => close(trap));
    const worker = startWorker(
      cluster.site.task([{ do: 'apply', plan, leaseMs: 3_600_000 }], NOW, 'free'),
    );
    for (let at = 0; ; at += 1) {
      const said = await worker.next(at);
      if (said === null || (said.kind === 'event' && said.event === 'verifying')) break;
    }
    await worker.kill();
    await cluster.untilAbandoned();
    // Beyond the signal it would have gone on watching.
    const signal = AbortSignal.timeout(LOOK_MS);
    await cluster.engine.runs.recover({ signal });
    expect(signal.aborted).toBe(false);
  });
});
