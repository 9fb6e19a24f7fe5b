import { toRemedy } from 'operator-core';
import { describe, expect, test } from 'vitest';
import { LiveCluster } from './cluster.ts';
import { reasonToSkip } from './needs.ts';
import { until } from './until.ts';

const WITHIN_MS = 180_000;

const cluster = new LiveCluster();
const skipped = await reasonToSkip({ hooks: ['killMember', 'startMember'] });

interface Rows {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly isComplete: boolean;
  readonly text: string;
}

/** A table of an observation: its rows, and if PD's answer can be taken for all there is. */
async function look(name: string, rowsKey: string): Promise<Rows | null> {
  const observed = await cluster.subject.observe(name, {}).catch(() => null);
  if (observed === null) return null;
  const value = observed.value as Readonly<Record<string, unknown>>;
  const rows = (value[rowsKey] ?? []) as Rows['rows'];
  return { rows, isComplete: value['complete'] === true, text: JSON.stringify(value) };
}

/** Everything in a state of stores that is not so: all stores run. */
async function findFalseStores(): Promise<readonly string[]> {
  const seen = await look('stores', 'stores');
  const states = (seen?.rows ?? []).map(
    (row) => `${String(row['storeId'])}: ${JSON.stringify(row['state'])}`,
  );
  return states.filter((state) => /Disconnected|Down/u.test(state) && !state.includes('unknown'));
}

/** Findings of the doctor that call stores that run failed, or advise to remove them. */
async function findFalseAdvice(): Promise<readonly string[]> {
  const found = await cluster.subject.diagnose();
  return found
    .filter(({ check, state, remedy }) => {
      return (
        (check === 'stores' && state === 'failed') || /remov/iu.test(toRemedy(remedy ?? '').text)
      );
    })
    .map(({ check, message, remedy }) => `${check}: ${message} → ${toRemedy(remedy ?? '').text}`);
}

/** Tables that say that there is nothing, where PD's leader has only just started. */
async function findFalseAbsence(storeId: number): Promise<readonly string[]> {
  const schedulers = await look('schedulers', 'schedulers');
  const isMissed = schedulers !== null && !schedulers.text.includes(`"${storeId}"`);
  if (!isMissed || !schedulers.isComplete) return [];
  return [`the drain of store ${storeId} is not in ${schedulers.text}`];
}

describe.skipIf(skipped !== '')(`what is read after PD's leader is lost${skipped}`, () => {
  test('is right or unknown, until PD knows everything again', async () => {
    const [store] = await cluster.drainable();
    const storeId = store?.id ?? 0;
    await cluster.hand.change('POST', 'schedulers', {
      name: 'evict-leader-scheduler',
      store_id: storeId,
    });
    await cluster.faults.killLeader();
    const wrong = new Set<string>();
    let rounds = 0;
    let isReadable = false;
    const readable = (async () => {
      await cluster.readable();
      isReadable = true;
    })();
    await until(async () => {
      rounds += 1;
      const found = [
        ...(await findFalseStores()),
        ...(await findFalseAdvice()),
        ...(await findFalseAbsence(storeId)),
      ];
      for (const line of found) wrong.add(line);
      return isReadable;
    }, WITHIN_MS);
    await readable;
    expect([...wrong]).toEqual([]);
    expect(rounds).toBeGreaterThan(1);
    expect((await look('schedulers', 'schedulers'))?.text).toContain(`"${storeId}"`);
  });

  test('is waited for: no drain is taken for done or for missing', async () => {
    const [store] = await cluster.drainable();
    const wanted = { store_id: String(store?.id) };
    await cluster.hand.change('POST', 'schedulers', {
      name: 'evict-leader-scheduler',
      store_id: store?.id,
    });
    await cluster.faults.killLeader();
    const outcome = await cluster.subject.plan('undrain_store', wanted);
    expect(outcome.kind).not.toBe('nothing_to_do');
    if (outcome.kind === 'refused') expect(outcome.refusal.code).toBe('CLUSTER_NOT_READY');
    await cluster.readable();
    expect(await cluster.subject.plan('drain_store', wanted)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'DRAIN_EXISTS' },
    });
  });
});
