import { describe, expect, test } from 'vitest';
import { PdProxy } from '../gate/pd-proxy.ts';
import { Site } from '../gate/site.ts';
import type { HandMember } from './by-hand.ts';
import { LiveCluster } from './cluster.ts';
import { reasonToSkip } from './needs.ts';
import { until } from './until.ts';

const WITHIN_MS = 60_000;

const cluster = new LiveCluster();
const skipped = await reasonToSkip({ hooks: ['killMember', 'startMember'], members: 3 });

interface Members {
  readonly leader: HandMember;
  readonly members: readonly HandMember[];
}

describe.skipIf(skipped !== '')(`the only configured member dies${skipped}`, () => {
  test('the others are remembered by the ledger, and the next process works', async () => {
    const { leader, members } = await cluster.hand.read<Members>('members');
    const urls = [leader, ...members.filter(({ name }) => name !== leader.name)].map(
      ({ client_urls: [url = ''] }) => new URL(url).origin,
    );
    const proxy = await new PdProxy(urls).open();
    const site = new Site({ proxy, endpoints: [proxy.endpoint], options: {} });
    try {
      const first = await site.engine();
      // Members are kept beside the ledger, where there is one.
      await first.openLedger();
      const wanted = { store_id: String((await cluster.stores())[0]?.id) };
      await (await first.openSubject()).observe('store', wanted);
      await first.close();
      await cluster.faults.killMember(leader.name);
      const next = await (await site.engine()).openSubject();
      let said = '';
      const isAnswered = async (): Promise<boolean> =>
        next.observe('store', wanted).then(
          () => true,
          (error: unknown) => {
            said = String(error);
            return false;
          },
        );
      expect(await until(isAnswered, WITHIN_MS), said).toBe(true);
      const found = await next.diagnose();
      expect(found.filter(({ check, state }) => check === 'leader' && state === 'failed')).toEqual(
        [],
      );
    } finally {
      await site.close();
    }
  });
});
