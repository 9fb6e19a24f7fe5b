import { isUnknown } from 'operator-core';
import type { Diagnosis } from 'operator-core';
import { describe, expect, test } from 'vitest';
import { TiKVReader } from '../../src/tikv-reader.ts';
import { LiveCluster } from './cluster.ts';
import { reasonToSkip } from './needs.ts';
import { until } from './until.ts';

const cluster = new LiveCluster();

/** Every store sends a heartbeat in 10 s, and the election of another leader comes before. */
const ALL_HEARD_MS = 60_000;

/** What a reader was told in every look until all stores were Up again. */
interface Look {
  readonly states: readonly string[];
  readonly stores: Diagnosis | undefined;
}

async function look(): Promise<Look> {
  const reader = new TiKVReader({ pd: cluster.pd });
  const [stores, found] = await Promise.all([reader.getStores(), cluster.subject.diagnose()]);
  return {
    states: stores.map(({ state }) => (isUnknown(state) ? 'unknown' : state)),
    stores: found.find(({ check }) => check === 'stores'),
  };
}

const skipped = await reasonToSkip({ hooks: ['killMember', 'startMember'], members: 3 });

describe('readings of a real cluster', () => {
  test.skipIf(skipped !== '')(
    `after a PD leader has died no store is called silent, and none is to be removed${skipped}`,
    async () => {
      const before = (await look()).states;
      await cluster.faults.killLeader();
      const looks: Look[] = [];
      const isBack = await until(async () => {
        const now = await look().catch(() => null);
        if (now === null) return false;
        looks.push(now);
        return now.states.every((state) => state !== 'unknown');
      }, ALL_HEARD_MS);
      expect(isBack).toBe(true);
      // The first look may fall behind the heartbeats: a slow machine has then seen nothing.
      expect(looks.some(({ states }) => states.includes('unknown'))).toBe(true);
      for (const { states, stores } of looks) {
        expect(states).toEqual(
          before.map((state) => expect.stringMatching(`^(unknown|${state})$`)),
        );
        expect(stores?.state).not.toBe('failed');
        expect(stores?.remedy ?? '').not.toContain('emove');
      }
      await cluster.mend();
    },
  );

  test('a scheduler that bears the name of a range blocks no drain', async () => {
    const body = { name: 'scatter-range', start_key: '', end_key: '', range_name: 'operator-live' };
    await cluster.hand.change('POST', 'schedulers', body);
    const names = await cluster.pd.getSchedulers();
    const name = names.find((one) => one.endsWith('operator-live'));
    expect(name).toMatch(/^scatter-range/u);
    try {
      const [store] = await cluster.drainable();
      const plan = await cluster.plan('drain_store', { store_id: String(store?.id) });
      expect(plan.action).toBe('drain_store');
      const schedulers = await new TiKVReader({ pd: cluster.pd }).getSchedulers();
      expect(schedulers).toMatchObject({ complete: true });
    } finally {
      await cluster.hand.change('DELETE', `schedulers/${name}`);
    }
  });

  test('the write load of the stores is the one that PD gives of them elsewhere', async () => {
    const [hot, rates] = await Promise.all([
      new TiKVReader({ pd: cluster.pd }).getHotWriteRegions(),
      cluster.pd.getHotStores(),
    ]);
    for (const { storeId, bytesPerSecond } of hot.stores) {
      const rate = rates.find((one) => String(one.storeId) === storeId)?.writeBytesPerSecond ?? 0;
      // A heartbeat may fall between the two.
      expect(Math.abs(bytesPerSecond - rate)).toBeLessThanOrEqual(rate / 2 + 1024);
    }
  });

  test('the pause of a scheduler has an end', async () => {
    const [name = ''] = await cluster.pd.getSchedulers();
    const wasPaused = (await cluster.pd.getPausedSchedulers()).some((one) => one.name === name);
    if (wasPaused) return;
    await cluster.hand.change('POST', `schedulers/${name}`, { delay: 60 });
    const { schedulers } = await new TiKVReader({ pd: cluster.pd }).getSchedulers();
    await cluster.hand.change('POST', `schedulers/${name}`, { delay: 0 });
    const until60 = schedulers.find((one) => one.name === name)?.resumesAt;
    expect(typeof until60 === 'string' && Date.parse(until60) > Date.now() - 120_000).toBe(true);
  });
});
