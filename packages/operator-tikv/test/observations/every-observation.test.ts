import { describeObservations, validateParameters, viewIssues } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { observations } from '../../src/index.ts';
import { at, observe, openCluster } from './open-cluster.ts';
import type { OpenCluster } from './open-cluster.ts';

const PARAMETERS: Readonly<Record<string, (cluster: OpenCluster) => object>> = {
  store: () => ({ store_id: '2' }),
  region: ({ sim }) => ({ region_id: sim.model.regions()[0]?.id }),
  regions: () => ({ store_id: '2', limit: 3 }),
};

describe.each(['8.5', '6.5'] as const)('every observation of PD %s', (version) => {
  const names = observations.map(({ name }) => name);

  it.each(names)('%s has all that its view names where nothing is drained', async (name) => {
    const cluster = await openCluster({ version, regions: 20 });
    const value = await observe(cluster.subject, name, PARAMETERS[name]?.(cluster) ?? {});
    const { view } = observations.find((one) => one.name === name) ?? {};
    expect(view === undefined ? [] : viewIssues(view, value)).toEqual([]);
  });

  it.each(names)('%s', async (name) => {
    const cluster = await openCluster({ version, regions: 20 });
    await cluster.subject.drainStore('3');
    const value = await observe(cluster.subject, name, PARAMETERS[name]?.(cluster) ?? {});
    const { view } = observations.find((one) => one.name === name) ?? {};
    const rows = view?.rows === undefined ? [value] : at(value, view.rows);
    for (const row of rows as unknown[]) {
      for (const { key } of view?.columns ?? []) {
        expect(at(row, key)).toBeDefined();
      }
    }
    expect(cluster.sim.requests.filter(({ method }) => method !== 'GET')).toHaveLength(1);
  });
});

describe('the definitions', () => {
  it('list every observation in order', () => {
    expect(describeObservations(observations).map(({ name }) => name)).toEqual([
      'stores',
      'store',
      'region',
      'regions',
      'hot_write_regions',
      'hot_read_regions',
      'store_metrics',
      'cluster_metrics',
      'operators',
      'schedulers',
      'members',
      'config',
    ]);
  });

  it('describe every parameter, and what kind of thing it names', () => {
    const definitions = describeObservations(observations);
    const parameters = definitions.flatMap((one) => Object.entries(one.parameters));
    expect(parameters.filter(([, { description }]) => description === '')).toEqual([]);
    const entities = parameters.flatMap(([name, { entity }]) => (entity ? [[name, entity]] : []));
    expect(entities).toEqual([
      ['store_id', 'store'],
      ['region_id', 'region'],
      ['store_id', 'store'],
    ]);
  });

  it.each([
    ['store', {}],
    ['store', { store_id: 4 }],
    ['store', { store_id: '04' }],
    ['store', { store_id: '9007199254740993' }],
    ['region', {}],
    ['region', { region_id: 2, key: '7480' }],
    ['region', { region_id: 0 }],
    ['region', { region_id: 2.5 }],
    ['region', { region_id: '2' }],
    ['region', { key: '748' }],
    ['region', { key: 'xy' }],
    ['regions', { limit: 0 }],
    ['regions', { limit: 1025 }],
    ['regions', { start: '' }],
    ['stores', { store_id: '1' }],
  ])('refuse %s with %j', async (name, parameters) => {
    const observation = observations.find((one) => one.name === name);
    if (observation === undefined) throw new Error('no such observation');
    expect((await validateParameters(observation.parameters, parameters)).ok).toBe(false);
  });
});
