import type { JsonObject } from 'operator-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { LiveCluster } from './cluster.ts';
import type { Movable } from './find-movable.ts';
import { DOMAIN_LABEL, labelStores, setLabel, setRegionRules, STORE_LABEL } from './hand-rules.ts';
import { leaderRequest } from '../changes.ts';

const cluster = new LiveCluster();

/** PD's checkers leave a region alone that a rule no longer fits: what is tested is the plan. */
const CHECKERS_OFF = { 'replica-schedule-limit': 0, 'region-schedule-limit': 0 } as const;
/** They are on, and move no more than one peer while a plan is made. */
const CHECKERS_SLOW = { 'replica-schedule-limit': 1 } as const;

interface Place extends Movable {
  /** The third store with a voter. */
  readonly third: string;
}

async function findPlace(): Promise<Place> {
  const movable = await cluster.movable();
  const peers = await cluster.peersOf(movable.regionId);
  const third = peers.find((id) => id !== movable.leader && id !== movable.follower);
  if (third === undefined) throw new Error(`region ${movable.regionId} has no third voter`);
  await cluster.hand.change('POST', 'config/schedule', CHECKERS_OFF);
  await labelStores(cluster);
  return { ...movable, third };
}

const leaderTo = ({ regionId }: Place, storeId: string): JsonObject => ({
  region_id: regionId,
  to_store_id: storeId,
});

const peerTo = ({ regionId, follower, free }: Place): JsonObject => ({
  region_id: regionId,
  from_store_id: follower,
  to_store_id: free,
});

/** The plan is refused, and PD refuses the raw request as well. */
async function expectNoLeader(place: Place, storeId: string): Promise<void> {
  const { code } = await cluster.refusal('transfer_leader', leaderTo(place, storeId));
  expect(code).toMatch(/^(?:LEADER_NOT_ALLOWED|RULE_NOT_MET)$/u);
  await expect(
    cluster.pd.change(leaderRequest(place.regionId, Number(storeId))),
  ).rejects.toMatchObject({ message: expect.stringMatching(/not allowed|no operator step/u) });
}

/** Gives every store the domain of its name, and the others one of their own. */
async function setDomains(domains: Readonly<Record<string, string>>): Promise<void> {
  for (const { id } of await cluster.stores()) {
    await setLabel(cluster, id, { [DOMAIN_LABEL]: domains[String(id)] ?? `of-${id}` });
  }
}

describe('placement on a real cluster', () => {
  let place: Place;
  beforeEach(async () => {
    place = await findPlace();
  });

  test('no leader goes where a label property rejects leaders', async () => {
    await cluster.hand.change('POST', 'config/label-property', {
      type: 'reject-leader',
      action: 'set',
      'label-key': STORE_LABEL,
      'label-value': place.follower,
    });
    await expectNoLeader(place, place.follower);
  });

  test('no leader goes where a rule wants a follower', async () => {
    const { regionId, leader, third, follower } = place;
    await setRegionRules(cluster, regionId, [
      { role: 'voter', count: 2, storeIds: [leader, third] },
      { role: 'follower', count: 1, storeIds: [follower] },
    ]);
    await expectNoLeader(place, follower);
  });

  test('no leader goes where a rule wants no voter', async () => {
    const { regionId, leader, third, free, follower } = place;
    await setRegionRules(cluster, regionId, [
      { role: 'voter', count: 3, storeIds: [leader, third, free] },
    ]);
    await expectNoLeader(place, follower);
  });

  test('no voter takes the place of a follower that a rule wants', async () => {
    const { regionId, leader, third, follower, free } = place;
    await setRegionRules(cluster, regionId, [
      { role: 'voter', count: 2, storeIds: [leader, follower] },
      { role: 'follower', count: 1, storeIds: [third, free] },
    ]);
    expect(await cluster.refusal('transfer_peer', peerTo(place))).toMatchObject({
      code: 'RULE_NOT_MET',
    });
  });

  test('no peer goes where a rule wants none', async () => {
    const { regionId, leader, third, follower } = place;
    await setRegionRules(cluster, regionId, [
      { role: 'voter', count: 3, storeIds: [leader, third, follower] },
    ]);
    expect(await cluster.refusal('transfer_peer', peerTo(place))).toMatchObject({
      code: 'RULE_NOT_MET',
    });
  });

  test('a peer goes where a rule wants it', async () => {
    const { regionId, leader, third, free } = place;
    await setRegionRules(cluster, regionId, [
      { role: 'voter', count: 3, storeIds: [leader, third, free] },
    ]);
    const plan = await cluster.plan('transfer_peer', peerTo(place));
    expect(await cluster.apply(plan)).toMatchObject({ state: 'succeeded', error: null });
  });

  test.for(['', DOMAIN_LABEL])(
    'no two voters go into one failure domain (isolation level "%s")',
    async (isolationLevel) => {
      const { regionId, leader, free } = place;
      await setDomains({ [leader]: 'one', [free]: 'one' });
      await setRegionRules(cluster, regionId, [
        { role: 'voter', count: 3, locationLabels: [DOMAIN_LABEL], isolationLevel },
      ]);
      const outcome = await cluster.subject.plan('transfer_peer', peerTo(place));
      const text = JSON.stringify(outcome);
      // PD would take it and leave the region with two of three voters in one domain.
      expect(text).toContain('2 of 3 voters');
      if (outcome.kind === 'refused') expect(outcome.refusal.code).toBe('ISOLATION_LOST');
      else expect(isolationLevel).toBe('');
    },
  );

  test.for(['', DOMAIN_LABEL])(
    'no two voters go into one failure domain of location-labels in the config of PD (isolation level "%s")',
    async (isolationLevel) => {
      const { regionId, leader, free } = place;
      await setDomains({ [leader]: 'one', [free]: 'one' });
      const labels = { 'location-labels': DOMAIN_LABEL, 'isolation-level': isolationLevel };
      await cluster.hand.change('POST', 'config/replicate', labels);
      // Without an isolation level it is PD's checker that takes the move back.
      if (isolationLevel === '')
        await cluster.hand.change('POST', 'config/schedule', CHECKERS_SLOW);
      const before = await cluster.peersOf(regionId);
      const { code, message, facts } = await cluster.refusal('transfer_peer', peerTo(place));
      expect(code).toBe('ISOLATION_LOST');
      expect(message).toContain(`2 of 3 voters of region ${regionId} would be in `);
      expect(message).toContain(
        isolationLevel === '' ? "PD's checker would move" : 'isolation level',
      );
      expect(facts).toMatchObject({
        votersInDomain: 2,
        voters: 3,
        locationLabels: [DOMAIN_LABEL],
        isolationLevel,
      });
      expect(await cluster.peersOf(regionId)).toEqual(before);
    },
  );
});
