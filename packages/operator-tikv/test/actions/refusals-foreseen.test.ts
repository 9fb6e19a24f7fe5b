import { describe, expect, test } from 'vitest';
import { refusals } from '../../src/actions/checks/refusals.ts';
import { FORESEEN } from './foreseen-refusals.ts';
import type { ForeseenRefusal } from './refusal-builders.ts';
import { byTitle, startCluster, VERSIONS } from './support.ts';
import type { Cluster, Version } from './support.ts';

describe.concurrent.each(VERSIONS)('what plans foresee on PD %s', (version) => {
  test.for(byTitle(FORESEEN))('%s', async ([, refusal], context) => {
    const cluster = await startCluster(context, { version, ...refusal.options });
    await refusal.arrange?.(cluster);
    cluster.sim.clearRequests();

    const outcome = await cluster.outcome(refusal.action, refusal.parameters);
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusal: {
        code: refusal.code,
        facts: refusal.facts,
        remedy: { text: expect.stringMatching(/./u) },
      },
    });
    expect(Object.keys(refusals)).toContain(refusal.code);
    expect(cluster.changes()).toEqual([]);

    await expectPD(cluster, refusal, version);
  });
});

/** Sends what the plan would have sent: PD says no as well, or takes it and harm comes of it. */
async function expectPD(
  cluster: Cluster,
  { request, pd }: ForeseenRefusal,
  version: Version,
): Promise<void> {
  const said = await cluster.ask(request);
  if ('refuses' in pd) {
    expect(said).toEqual({ status: pd.status, words: pd.refuses[version] });
    return;
  }
  expect(said).toEqual({ status: 200, words: pd.accepts });
  await pd.prove(cluster);
}
