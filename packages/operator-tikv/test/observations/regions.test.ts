import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { RegionPage, RegionQuery, TiKVSubject } from '../../src/index.ts';
import { closeLater, observe, openCluster, openSubject } from './open-cluster.ts';

async function readAll(subject: TiKVSubject, query: RegionQuery): Promise<readonly RegionPage[]> {
  const pages: RegionPage[] = [];
  let startKey: string | null = query.startKey ?? '';
  while (startKey !== null) {
    const page: RegionPage = await subject.getRegions({ ...query, startKey });
    pages.push(page);
    startKey = page.nextKey;
  }
  return pages;
}

function idsOf(pages: readonly RegionPage[]): readonly number[] {
  return pages.flatMap(({ regions }) => regions.map(({ regionId }) => regionId));
}

describe.each(['8.5', '6.5'] as const)('a region of PD %s', (version) => {
  it('is the same by its id and by any key in it', async () => {
    const { sim, subject } = await openCluster({ version });
    const model = sim.model.regions()[7];
    if (model === undefined) throw new Error('no region 7');
    const byId = await subject.getRegion({ regionId: model.id });
    expect(byId).toMatchObject({
      regionId: model.id,
      startKey: model.startKey,
      endKey: model.endKey,
      leaderStoreId: String(model.leaderStoreId),
      storeIds: model.peers.map(({ storeId }) => String(storeId)),
      sizeBytes: 96 * 1024 * 1024,
    });
    expect(await subject.getRegion({ key: model.startKey })).toEqual(byId);
    expect(await subject.getRegion({ key: `${model.startKey.toLowerCase()}00` })).toEqual(byId);
    expect(await observe(subject, 'region', { region_id: model.id })).toEqual(byId);
  });

  it('says which of its peers are ill', async () => {
    const { sim, subject } = await openCluster({ version });
    const [region] = sim.model.regions();
    if (region === undefined) throw new Error('no region');
    const [leader, second, third] = region.peers.map(({ storeId }) => storeId);
    sim.faults.setDownPeer({ regionId: region.id, storeId: second ?? 0 });
    sim.faults.setPendingPeer({ regionId: region.id, storeId: third ?? 0 });
    const { peers, unhealthyStoreIds } = await subject.getRegion({ regionId: region.id });
    expect(unhealthyStoreIds).toEqual([String(second), String(third)]);
    expect(peers.map(({ storeId, health }) => [storeId, health])).toEqual([
      [String(leader), 'healthy'],
      [String(second), 'down'],
      [String(third), 'pending'],
    ]);
  });

  it('without a leader is known, its leader and the health of its peers are not', async () => {
    const { sim, subject } = await openCluster({ version });
    const regionId = sim.model.regions()[3]?.id ?? 0;
    sim.faults.leaveLeaderless({ regionId });
    const region = await subject.getRegion({ regionId });
    expect(region.storeIds).toHaveLength(3);
    expect(region.leaderStoreId).toEqual({ unknown: expect.any(String) });
    expect(region.unhealthyStoreIds).toEqual({ unknown: expect.any(String) });
    expect(region.peers[0]?.health).toEqual({ unknown: expect.any(String) });
    const { regions } = await subject.getRegions();
    expect(regions).toHaveLength(100);
    expect(regions.filter(({ leaderStoreId }) => typeof leaderStoreId !== 'string')).toHaveLength(
      1,
    );
    // One of a hundred does not make the counts of leaders doubtful.
    const stores = await subject.getStores();
    expect(stores.every(({ leaderCount }) => typeof leaderCount === 'number')).toBe(true);
  });

  it('has learners on TiFlash', async () => {
    const { subject } = await openCluster({ version, tiflashStores: 1 });
    const { regions } = await subject.getRegions({ limit: 1 });
    expect(regions[0]).toMatchObject({ learnerStoreIds: ['6'], unhealthyStoreIds: [] });
  });

  it('that does not exist is an error', async () => {
    const { subject } = await openCluster({ version });
    await expect(subject.getRegion({ regionId: 999_999 })).rejects.toMatchObject({
      code: 'TIKV_REGION_NOT_FOUND',
      kind: 'usage',
    });
  });
});

describe('pages of regions', () => {
  it.each([{}, { limit: 1024 }, { limit: 100 }, { limit: 33 }, { limit: 1 }])(
    'cover the key space once with %j',
    async (query) => {
      const { sim, subject } = await openCluster({ regions: 100 });
      const pages = await readAll(subject, query);
      expect(idsOf(pages)).toEqual(sim.model.regions().map(({ id }) => id));
      expect(pages.every(({ regions }) => regions.length <= (query.limit ?? 128))).toBe(true);
      expect(pages.at(-1)).toMatchObject({ truncated: false, nextKey: null });
    },
  );

  it.each([{}, { limit: 7 }])('of one store hold all of its regions with %j', async (query) => {
    const { sim, subject } = await openCluster({ regions: 100 });
    const pages = await readAll(subject, { ...query, storeId: '4' });
    const expected = sim.model
      .regions()
      .filter(({ peers }) => peers.some(({ storeId }) => storeId === 4))
      .map(({ id }) => id);
    expect(idsOf(pages)).toEqual(expected);
  });

  it('begin and end where they are told', async () => {
    const { sim, subject } = await openCluster({ regions: 100 });
    const all = sim.model.regions();
    const [from, to] = [all[10], all[20]];
    const range = { startKey: from?.startKey ?? '', endKey: to?.startKey.toLowerCase() ?? '' };
    const page = await subject.getRegions(range);
    expect(idsOf([page])).toEqual(all.slice(10, 20).map(({ id }) => id));
    expect(page.truncated).toBe(false);
    const paged = await readAll(subject, { ...range, limit: 3 });
    expect(idsOf(paged)).toEqual(idsOf([page]));
    expect(
      await observe(subject, 'regions', { start_key: range.startKey, limit: 1 }),
    ).toMatchObject({
      regions: [{ regionId: from?.id }],
      truncated: true,
      nextKey: from?.endKey,
    });
  });

  it('never ask for more than 1,024 at once', async () => {
    const { sim, subject } = await openCluster({ regions: 3000 });
    await readAll(subject, { storeId: '1', limit: 1024 });
    const limits = sim.requests.flatMap(({ path }) => /[?&]limit=(\d+)/u.exec(path)?.[1] ?? []);
    expect(Math.max(...limits.map(Number))).toBe(1024);
    expect(sim.requests.some(({ path }) => /\/regions(\/store|$)/u.test(path))).toBe(false);
  });

  it('end however many regions a server makes up', async () => {
    const server = await startEndlessRegions();
    const subject = openSubject([server.url]);
    const page = await subject.getRegions({ storeId: '7', limit: 10 });
    expect(page).toMatchObject({ regions: [], scanned: 16_384, truncated: true });
    expect(page.nextKey).not.toBeNull();
    expect(server.pages()).toBe(16);
  });

  it('end when the keys of a server go in circles', async () => {
    const server = await startEndlessRegions({ circular: true });
    const subject = openSubject([server.url]);
    const page = await subject.getRegions({ storeId: '7', limit: 10 });
    expect(page.truncated).toBe(false);
    expect(server.pages()).toBeLessThan(4);
  });
});

/** Something that answers like PD and never runs out of regions, all of them on store 1. */
async function startEndlessRegions({ circular = false } = {}): Promise<{
  url: string;
  pages: () => number;
}> {
  let pages = 0;
  const key = (index: number): string => index.toString(16).toUpperCase().padStart(8, '0');
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (url.pathname.endsWith('/store/7')) {
      response
        .writeHead(200)
        .end(
          '{"store":{"id":7,"address":"a:7","state_name":"Up"},"status":{"capacity":"1GiB","available":"1GiB","used_size":"0B","leader_count":0,"region_count":0}}',
        );
      return;
    }
    if (url.pathname.endsWith('/cluster')) {
      response.writeHead(200).end('{"id":1,"max_peer_count":3}');
      return;
    }
    if (!url.pathname.endsWith('/regions/key')) {
      response.writeHead(200).end('{"header":{"cluster_id":1},"members":[]}');
      return;
    }
    pages += 1;
    const first = circular ? 0 : (pages - 1) * 1024;
    const regions = Array.from({ length: 1024 }, (_, offset) => ({
      id: first + offset + 1,
      start_key: key(first + offset),
      end_key: key(first + offset + 1),
      epoch: { conf_ver: 1, version: 1 },
      peers: [{ role_name: 'Voter', id: 1, store_id: 1 }],
      leader: { role_name: 'Voter', id: 1, store_id: 1 },
      written_bytes: 0,
      read_bytes: 0,
      approximate_size: 1,
      approximate_keys: 1,
    }));
    response.writeHead(200).end(JSON.stringify({ count: regions.length, regions }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closeLater(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pages: () => pages };
}
