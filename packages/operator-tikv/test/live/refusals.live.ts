import { requireEndpoints } from './settings.ts';
import type { JsonObject, HttpRequest } from 'operator-core';
import { describe, expect, test } from 'vitest';
import { TiKVSubject } from '../../src/tikv-subject.ts';
import { LiveCluster } from './cluster.ts';
import type { Movable } from './find-movable.ts';
import { drainRequest, leaderRequest, peerRequest, undrainRequest } from '../changes.ts';

/** Ids that no cluster has. */
const UNKNOWN = 2 ** 53 - 2;

const cluster = new LiveCluster();

/** What a plan refuses, and the request that it would have been: PD says no to it, so that nothing is changed. */
interface Refused {
  readonly action: string;
  readonly parameters: JsonObject;
  readonly code: string;
  readonly request: HttpRequest;
  /** The refusal that PD's answer is mapped to. */
  readonly said: string;
}

const CASES: Readonly<Record<string, (region: Movable) => Refused>> = {
  'a region that does not exist': ({ follower }) => ({
    action: 'transfer_leader',
    parameters: { region_id: UNKNOWN, to_store_id: follower },
    code: 'REGION_NOT_FOUND',
    request: leaderRequest(UNKNOWN, Number(follower)),
    said: 'REGION_NOT_FOUND',
  }),
  'a leader for a store without a voter': ({ regionId, free }) => ({
    action: 'transfer_leader',
    parameters: { region_id: regionId, to_store_id: free },
    code: 'NO_VOTER_ON_STORE',
    request: leaderRequest(regionId, Number(free)),
    said: 'NO_VOTER_ON_STORE',
  }),
  'a peer for a store that does not exist': ({ regionId, follower }) => ({
    action: 'transfer_peer',
    parameters: { region_id: regionId, from_store_id: follower, to_store_id: String(UNKNOWN) },
    code: 'STORE_NOT_FOUND',
    request: peerRequest(regionId, Number(follower), UNKNOWN),
    said: 'STORE_NOT_FOUND',
  }),
  'a peer for a store that holds one': ({ regionId, follower, leader }) => ({
    action: 'transfer_peer',
    parameters: { region_id: regionId, from_store_id: follower, to_store_id: leader },
    code: 'PEER_ALREADY_ON_STORE',
    request: peerRequest(regionId, Number(follower), Number(leader)),
    said: 'PEER_ALREADY_ON_STORE',
  }),
  'a peer for the store that it is on': ({ regionId, follower }) => ({
    action: 'transfer_peer',
    parameters: { region_id: regionId, from_store_id: follower, to_store_id: follower },
    code: 'SAME_STORE',
    request: peerRequest(regionId, Number(follower), Number(follower)),
    said: 'OPERATOR_NOT_ADDED',
  }),
  'a drain of a store that does not exist': () => ({
    action: 'drain_store',
    parameters: { store_id: String(UNKNOWN) },
    code: 'STORE_NOT_FOUND',
    request: drainRequest(UNKNOWN),
    said: 'STORE_NOT_FOUND',
  }),
  'the end of a drain of a store that does not exist': () => ({
    action: 'undrain_store',
    parameters: { store_id: String(UNKNOWN) },
    code: 'STORE_NOT_FOUND',
    request: undrainRequest(UNKNOWN),
    said: 'DRAIN_NOT_FOUND',
  }),
};

describe('what a real PD refuses', () => {
  test.for(Object.keys(CASES))('%s', async (title) => {
    const region = await cluster.movable();
    const refused = CASES[title]?.(region);
    if (refused === undefined) throw new Error(`no case ${title}`);
    expect(await cluster.subject.plan(refused.action, refused.parameters)).toMatchObject({
      kind: 'refused',
      refusal: { code: refused.code },
    });
    const subject = new TiKVSubject({ pd: cluster.pd });
    const target = requireEndpoints().map((url) => new URL(url).origin);
    const request = { ...refused.request, protocol: 'http', target } as const;
    expect(await subject.send(request, { callerId: 'operator-live-tests' })).toMatchObject({
      outcome: 'refused',
      answer: expect.stringMatching(/./u),
      refusal: { code: refused.said },
    });
  });
});
