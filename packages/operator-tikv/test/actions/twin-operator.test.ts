import { describe, expect, test } from 'vitest';
import { changes } from '../../src/actions/index.ts';
import { SAMPLES } from './action-samples.ts';
import * as arrange from './arrange.ts';
import { startCluster, VERSIONS } from './support.ts';

const LEADER = { region_id: 9, to_store_id: '3' } as const;

/** Every action that makes an operator. */
const MAKERS = SAMPLES.filter(({ action }) =>
  changes.some(({ name, change }) => name === action && change.toOperator !== undefined),
).map(({ action, parameters }) => [action, parameters] as const);

test('actions that make an operator are known', () => {
  expect(MAKERS.length).toBeGreaterThanOrEqual(2);
});

describe.concurrent.each(VERSIONS)('a request that something sends to PD %s twice', (version) => {
  test.for(MAKERS)(
    '%s: PD refuses the second copy, and the effect of the first is found by reading',
    async ([action, parameters], context) => {
      const cluster = await startCluster(context, { version, stepMs: 300 });
      const plan = await cluster.plan(action, parameters);
      const { result } = await cluster.apply(plan, async ({ kind }) => {
        if (kind === 'intended') {
          cluster.sim.faults.holdOperators();
          // Something on the way has sent the request twice.
          expect((await cluster.ask(plan.requests[0])).status).toBe(200);
        }
        if (kind === 'sent') cluster.sim.faults.holdOperators({ hold: false });
      });
      expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
      expect(result.summary).toContain('failed to add operator, maybe already have one');
    },
  );

  test.for(MAKERS)(
    '%s: the second copy may also come after the first has done its work',
    async ([action, parameters], context) => {
      const cluster = await startCluster(context, { version, stepMs: 300 });
      const plan = await cluster.plan(action, parameters);
      const { result } = await cluster.apply(plan, async ({ kind }) => {
        if (kind !== 'intended') return;
        expect((await cluster.ask(plan.requests[0])).status).toBe(200);
        cluster.sim.clock.advance(30_000);
      });
      expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
      expect(result.summary).not.toContain('maybe already have one');
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
