import { toRemedy } from 'operator-core';
import { describe, expect, test } from 'vitest';
import { refusals } from '../../src/actions/checks/refusals.ts';
import { ANSWERED } from './answered-refusals.ts';
import { byTitle, startCluster, VERSIONS } from './support.ts';

describe.concurrent.each(VERSIONS)('what only PD %s can say', (version) => {
  test.for(byTitle(ANSWERED))('%s', async ([, refused], context) => {
    const cluster = await startCluster(context, { version });
    await refused.arrange?.(cluster);
    const plan = await cluster.plan(refused.action, refused.parameters);
    let sentBefore = 0;
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind !== 'sending') return;
      await refused.meanwhile?.(cluster);
      sentBefore = cluster.changes().length;
    });
    expect(result).toMatchObject({
      state: 'failed',
      answerLost: false,
      refusal: { code: refused.code, facts: { status: refused.status } },
      error: { code: 'REFUSED_BY_SYSTEM', kind: 'failed' },
      requests: [{ result: { outcome: 'refused', status: refused.status } }],
    });
    const words = refused.says[version].trim();
    expect(result.refusal?.message).toBe(`PD refused: ${words}`);
    expect(toRemedy(result.refusal?.remedy ?? '').text).toMatch(/./u);
    expect(result.error?.message).toContain(words);
    expect(Object.keys(refusals)).toContain(refused.code);
    expect(cluster.changes().length - sentBefore).toBe(1);
  });
});
