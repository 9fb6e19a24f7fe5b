import type { JsonReader } from './json-reader.ts';

/** One PD server (PD API, members). */
export interface PDMember {
  readonly name: string;
  /** Decimal text: a random 64-bit number. */
  readonly memberId: string;
  /** URLs at which it takes HTTP requests. */
  readonly clientUrls: readonly string[];
  readonly peerUrls: readonly string[];
  /** Higher is preferred as leader. */
  readonly leaderPriority: number;
  /** `v8.5.7`; `null` when the answer does not have it. */
  readonly version: string | null;
}

/** The members of a cluster and who leads them (PD API, members). */
export interface PDMembers {
  /** Decimal text, above 2^53. */
  readonly clusterId: string;
  readonly members: readonly PDMember[];
  /** `null` while there is no leader. */
  readonly leader: PDMember | null;
  readonly etcdLeader: PDMember | null;
}

/** Reads the answer of `GET /members`. */
export function parseMembers(body: JsonReader): PDMembers {
  return {
    clusterId: parseClusterId(body),
    members: body.field('members').list().map(parseMember),
    leader: parseMaybeMember(body.field('leader')),
    etcdLeader: parseMaybeMember(body.field('etcd_leader')),
  };
}

/** Reads of the answer of `GET /members` which cluster they are members of: decimal text. */
function parseClusterId(body: JsonReader): string {
  const id = body.field('header').field('cluster_id');
  return id.bigInteger() === '0' ? id.fail('the id of a cluster') : id.bigInteger();
}

function parseMaybeMember(body: JsonReader): PDMember | null {
  return body.isMissing ? null : parseMember(body);
}

function parseMember(body: JsonReader): PDMember {
  return {
    name: body.field('name').text(''),
    memberId: body.field('member_id').bigInteger(),
    clientUrls: body
      .field('client_urls')
      .items()
      .map((url) => url.text()),
    peerUrls: body
      .field('peer_urls')
      .items()
      .map((url) => url.text()),
    leaderPriority: body.field('leader_priority').number(0),
    version: body.field('binary_version').maybeText(),
  };
}
