import { describe, expect, test } from 'vitest';
import * as arrange from './arrange.ts';
import { startCluster, VERSIONS } from './support.ts';

const LEADER = { region_id: 9, to_store_id: '3' } as const;
const PEER = { region_id: 9, from_store_id: '3', to_store_id: '4' } as const;

/** PD's operator of the same name, as the first copy of a request that something on the way has sent twice makes it. */
const COPIES = [
  ['transfer_leader', LEADER, { name: 'transfer-leader', region_id: 9, to_store_id: 3 }],
  [
    'transfer_peer',
    PEER,
    { name: 'transfer-peer', region_id: 9, from_store_id: 3, to_store_id: 4 },
  ],
] as const;

describe.concurrent.each(VERSIONS)('a request that something sends to PD %s twice', (version) => {
  test.for(COPIES)(
    '%s: PD refuses the second copy, and the effect of the first is found by reading',
    async ([action, parameters, first], context) => {
      const cluster = await startCluster(context, { version, stepMs: 300 });
      const plan = await cluster.plan(action, parameters);
      const { result } = await cluster.apply(plan, async ({ kind }) => {
        if (kind === 'intended') {
          cluster.sim.faults.holdOperators();
          expect((await cluster.post('/operators', first)).status).toBe(200);
        }
        if (kind === 'sent') cluster.sim.faults.holdOperators({ hold: false });
      });
      expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
      expect(result.summary).toContain('failed to add operator, maybe already have one');
    },
  );

  test('is refused where the operator that PD has is another', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_leader', LEADER);
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind === 'intended') await arrange.holdTransfer(cluster, 2);
    });
    expect(result).toMatchObject({ state: 'failed', error: { code: 'REFUSED_BY_SYSTEM' } });
  });
});
