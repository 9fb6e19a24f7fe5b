import { describe, expect, test, vi } from 'vitest';
import { startCluster, VERSIONS } from './support.ts';
import type { Cluster } from './support.ts';

/** A PD leader that has just taken over, in the moment in which it has half of a store's first heartbeat. */
async function takeOver({ sim }: Cluster, storeId: number): Promise<void> {
  sim.faults.delayFirstHeartbeat({ storeId, ms: 70 });
  sim.clock.advance(130_000);
  sim.faults.moveLeader({ member: 'pd2' });
  sim.clock.advance(300);
  for (let step = 0; step < 1000; step += 1) {
    const store = await readStore(`${sim.endpoints[1]}/pd/api/v1/store/${storeId}`);
    if (store.state === 'Disconnected' && store.capacity !== '0B') return;
    sim.clock.advance(20);
  }
  throw new Error('PD never had half a heartbeat of the store');
}

async function readStore(url: string): Promise<{ state: string; capacity: string }> {
  const answer = await fetch(url);
  const { store, status } = (await answer.json()) as {
    readonly store: { readonly state_name: string };
    readonly status: { readonly capacity: string };
  };
  return { state: store.state_name, capacity: status.capacity };
}

/** Lets PD persist the store, and with it the time of the heartbeat, once a plan has read the stores. */
async function persistSoon({ sim }: Cluster): Promise<void> {
  const hasRead = (): boolean => sim.requests.some(({ path }) => path === '/pd/api/v1/stores');
  await vi.waitUntil(hasRead, { timeout: 30_000 });
  sim.clock.advance(10_000);
}

describe.concurrent.each(VERSIONS)('a PD leader %s with half of a heartbeat', (version) => {
  test.for([
    ['transfer_leader', 3, { region_id: 9, to_store_id: '3' }],
    ['transfer_peer', 4, { region_id: 9, from_store_id: '3', to_store_id: '4' }],
  ] as const)(
    'shows a store as Disconnected, which is no reason to refuse %s',
    async ([action, storeId, parameters], context) => {
      const cluster = await startCluster(context, { version, members: 3, stepMs: 0 });
      await takeOver(cluster, storeId);
      const [outcome] = await Promise.all([
        cluster.outcome(action, parameters),
        persistSoon(cluster),
      ]);
      expect(JSON.stringify(outcome)).not.toContain('STORE_DISCONNECTED');
      expect(outcome).toMatchObject({ kind: 'plan' });
    },
  );
});
