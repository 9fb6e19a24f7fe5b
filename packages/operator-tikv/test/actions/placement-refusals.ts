import {
  isolateZones,
  mustPost,
  rejectLeadersOfZone3,
  setFollowerZone,
  setZoneRules,
  zoneRule,
} from './arrange-placement.ts';
import * as harm from './harm.ts';
import { CREATED, leaderTo, NOT_ALLOWED, peer } from './refusal-builders.ts';
import type { ForeseenRefusal } from './refusal-builders.ts';

/** Refusals of plans by the places that replicas and leaders may have. */
export const PLACEMENT: readonly ForeseenRefusal[] = [
  leaderTo(3, {
    title: 'transfer_leader: the label property reject-leader applies to the target',
    code: 'LEADER_NOT_ALLOWED',
    arrange: rejectLeadersOfZone3,
    facts: { regionId: 9, storeId: '3', labels: { zone: 'z3' } },
    pd: NOT_ALLOWED,
  }),
  leaderTo(3, {
    title: 'transfer_leader: the rules want followers only on the target',
    code: 'LEADER_NOT_ALLOWED',
    arrange: setFollowerZone,
    facts: {
      storeId: '3',
      rules: ['pd/follow (1 follower, zone in z3)', 'pd/lead (2 voters, zone in z1|z2)'],
    },
    pd: NOT_ALLOWED,
  }),
  leaderTo(2, {
    title: 'transfer_leader: no rule wants a replica on the target',
    code: 'LEADER_NOT_ALLOWED',
    arrange: async (cluster) => {
      cluster.sim.faults.pauseCheckers();
      await setZoneRules(cluster, [
        zoneRule('only', { role: 'voter', count: 3, zones: ['z1', 'z3'] }),
      ]);
    },
    facts: { storeId: '2', rules: ['pd/only (3 voters, zone in z1|z3)'] },
    pd: NOT_ALLOWED,
  }),
  leaderTo(3, {
    title: 'transfer_leader: the peer on the target is a witness',
    code: 'LEADER_NOT_ALLOWED',
    arrange: ({ sim }) => {
      sim.faults.pauseCheckers();
      sim.faults.makeWitness({ regionId: 9, storeId: 3 });
    },
    facts: { storeId: '3' },
    pd: NOT_ALLOWED,
  }),
  leaderTo(2, {
    title: 'transfer_leader: a rule wants the leader where it is',
    code: 'RULE_NOT_MET',
    arrange: (cluster) =>
      setZoneRules(cluster, [
        zoneRule('a', { role: 'leader', count: 1, zones: ['z1'] }),
        zoneRule('b', { role: 'voter', count: 2, zones: ['z1', 'z2', 'z3'] }),
      ]),
    facts: { storeId: '2', rules: ['pd/a (1 leader, zone in z1)'] },
    pd: {
      accepts: CREATED,
      harm: 'The leader moves, and the rule checker moves it back.',
      prove: harm.proveLeaderBack,
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: the move takes a replica from a rule',
    code: 'RULE_NOT_MET',
    options: { regions: 1 },
    arrange: setFollowerZone,
    facts: {
      regionId: 9,
      storeId: '4',
      rules: [
        {
          groupId: 'pd',
          id: 'follow',
          rule: 'pd/follow (1 follower, zone in z3)',
          wanted: 1,
          after: 0,
          wrongRole: 0,
        },
      ],
    },
    pd: {
      accepts: CREATED,
      harm: 'The rule is broken until the rule checker has copied the replica back.',
      prove: harm.proveTakenBack,
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: no rule allows a replica on the target',
    code: 'RULE_NOT_MET',
    options: { regions: 1 },
    arrange: (cluster) =>
      setZoneRules(cluster, [
        zoneRule('one', { role: 'voter', count: 2, zones: ['z2', 'z3'] }),
        { ...zoneRule('two', { role: 'voter', count: 1, zones: ['z1'] }) },
      ]),
    facts: { regionId: 9, storeId: '4' },
    pd: {
      accepts: CREATED,
      harm: 'A replica lies where the rules forbid it until the rule checker removes it.',
      prove: harm.proveTakenBack,
    },
  }),
  peer([1, 4], {
    title: 'transfer_peer: no voter may lead the region after the move',
    code: 'RULE_NOT_MET',
    arrange: async (cluster) => {
      for (const storeId of [2, 3, 4]) {
        await mustPost(cluster, `/store/${storeId}/label`, { tier: 'low' });
      }
      const property = { type: 'reject-leader', 'label-key': 'tier', 'label-value': 'low' };
      await mustPost(cluster, '/config/label-property', { action: 'set', ...property });
    },
    facts: { regionId: 9, storeId: '4' },
    pd: {
      status: 500,
      refuses: {
        '6.5': 'fail to build operator: plan is empty, maybe no valid leader',
        '8.5': 'fail to build operator: plan is empty, maybe no valid leader',
      },
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: the isolation level keeps the zones of two voters apart',
    code: 'ISOLATION_LOST',
    arrange: async (cluster) => {
      cluster.sim.faults.pauseCheckers();
      await isolateZones(cluster, 'zone');
    },
    facts: { domain: 'zone=z1', votersInDomain: 2, voters: 3, isolationLevel: 'zone' },
    pd: {
      accepts: CREATED,
      harm: 'Two of three voters are in one zone: losing it loses the region.',
      prove: (cluster) => harm.provePeers(cluster, [1, 2, 4]),
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: the checker would move one of two voters out of a shared zone',
    code: 'ISOLATION_LOST',
    arrange: (cluster) => isolateZones(cluster, ''),
    facts: { domain: 'zone=z1', votersInDomain: 2, betterStoreId: '3' },
    pd: {
      accepts: CREATED,
      harm: 'The replica moves, and the rule checker moves one to the free zone again.',
      prove: harm.proveZonesApart,
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: the target is nearly full',
    code: 'STORE_LOW_SPACE',
    options: { regions: 200 },
    arrange: ({ sim }) => sim.faults.fillStore({ storeId: 4, availableBytes: 10 * 1024 ** 3 }),
    facts: { storeId: '4', availableBytes: 10 * 1024 ** 3, lowSpaceRatio: 0.8, regionSizeMiB: 96 },
    pd: {
      accepts: CREATED,
      harm: 'A store that PD itself sends nothing to any more becomes fuller.',
      prove: (cluster) => harm.provePeers(cluster, [1, 2, 4]),
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: the placement rules cannot be read',
    code: 'PLACEMENT_UNKNOWN',
    arrange: ({ sim }) =>
      sim.faults.answerWith({
        path: '/pd/api/v1/config/rules/region/9/detail',
        status: 403,
        body: 'forbidden by the proxy',
        times: -1,
      }),
    facts: { regionId: 9, storeId: '4' },
    pd: {
      accepts: CREATED,
      harm: 'The move may break a rule that the plan has not read.',
      prove: (cluster) => harm.provePeers(cluster, [1, 2, 4]),
    },
  }),
];
