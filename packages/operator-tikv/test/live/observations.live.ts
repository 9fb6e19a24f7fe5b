import type { JsonObject } from 'operator-core';
import { isJsonValue } from 'operator-core';
import { describe, expect, test } from 'vitest';
import { observations } from '../../src/index.ts';
import { LiveCluster } from './cluster.ts';

const cluster = new LiveCluster();

/** What to ask of each observation; a new one has to be added here. */
const QUESTIONS: Readonly<Record<string, () => Promise<readonly JsonObject[]>>> = {
  stores: async () => [{}],
  store: async () => (await cluster.stores()).map(({ id }) => ({ store_id: String(id) })),
  region: async () => {
    const [first] = await cluster.pd.getRegionsByKey({ limit: 1 });
    return [{ region_id: first?.id ?? 0 }, { key: '' }, { key: '7480000000000000FF01' }];
  },
  regions: async () => [
    {},
    { limit: 5 },
    { store_id: String((await cluster.stores())[0]?.id) },
    { start_key: '74', end_key: '75', limit: 3 },
  ],
  hot_write_regions: async () => [{}],
  hot_read_regions: async () => [{}],
  store_metrics: async () => [{}],
  cluster_metrics: async () => [{}],
  operators: async () => [{}],
  schedulers: async () => [{}],
  members: async () => [{}],
  config: async () => [{}],
};

describe('observations of a real cluster', () => {
  test.for(observations.map(({ name }) => name))('%s is answered', async (name) => {
    const questions = (await QUESTIONS[name]?.()) ?? [];
    expect(questions.length).toBeGreaterThan(0);
    for (const parameters of questions) {
      const { value } = await cluster.subject.observe(name, parameters);
      expect(isJsonValue(value)).toBe(true);
      expect(JSON.stringify(value).length).toBeGreaterThan(2);
    }
  });

  test('the counts of stores, regions and leaders agree with each other', async () => {
    const { value } = await cluster.subject.observe('cluster_metrics', {});
    const [stores, regions] = await Promise.all([cluster.stores(), cluster.pd.getRegionCount()]);
    const leaders = stores.reduce((sum, store) => sum + store.leaderCount, 0);
    expect(JSON.stringify(value)).toContain(String(regions));
    expect(leaders).toBe(regions);
  });

  test('the doctor finds nothing that keeps it from working', async () => {
    const found = await cluster.subject.diagnose();
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ state }) => state === 'failed')).toEqual([]);
  });
});
