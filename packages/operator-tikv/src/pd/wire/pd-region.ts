import type { JsonReader } from './json-reader.ts';

/** Roles of a peer (PD API, regions). The last two exist only in the middle of a change of replicas. */
export const PD_PEER_ROLES = ['Voter', 'Learner', 'IncomingVoter', 'DemotingVoter'] as const;

/** See {@link PD_PEER_ROLES}. */
export type PDPeerRole = (typeof PD_PEER_ROLES)[number];

/** A replica of a region. */
export interface PDPeer {
  readonly id: number;
  readonly storeId: number;
  readonly role: PDPeerRole;
  readonly isWitness: boolean;
}

/** A peer that its leader has not heard of. */
export interface PDDownPeer {
  readonly peer: PDPeer;
  readonly downSeconds: number;
}

/** Counts every change: of replicas (`confVer`) and of borders (`version`). */
export interface PDRegionEpoch {
  readonly confVer: number;
  readonly version: number;
}

/** A region as PD sees it (PD API, regions). */
export interface PDRegion {
  readonly id: number;
  /** Upper-case hex; empty is the beginning. */
  readonly startKey: string;
  /** Upper-case hex, exclusive; empty is the end. */
  readonly endKey: string;
  readonly epoch: PDRegionEpoch;
  readonly peers: readonly PDPeer[];
  /** `null` when PD knows of none: dead store, or a PD leader that has just started. */
  readonly leader: PDPeer | null;
  readonly downPeers: readonly PDDownPeer[];
  /** Peers that lag behind: they cannot take leadership. */
  readonly pendingPeers: readonly PDPeer[];
  /** Total of the last heartbeat interval of the region (60 s unless TiKV is set otherwise), not per second. */
  readonly writtenBytes: number;
  /** Bytes read, measured like {@link writtenBytes}. */
  readonly readBytes: number;
  /** MiB; 1 is at most 1 MiB, 0 is not known yet. */
  readonly approximateSizeMiB: number;
  readonly approximateKeys: number;
}

/** Choices of a store's regions (PD API, regions). PD freezes at any other word. */
export const PD_STORE_REGION_TYPES = [
  'leader',
  'follower',
  'learner',
  'witness',
  'pending',
] as const;

/** See {@link PD_STORE_REGION_TYPES}. */
export type PDStoreRegionType = (typeof PD_STORE_REGION_TYPES)[number];

/** Lists of regions that PD keeps because something is to be done about them (PD API, regions). */
export const PD_REGION_CHECKS = [
  'miss-peer',
  'extra-peer',
  'pending-peer',
  'down-peer',
  'learner-peer',
  'empty-region',
  'offline-peer',
  'oversized-region',
  'undersized-region',
] as const;

/** See {@link PD_REGION_CHECKS}. */
export type PDRegionCheck = (typeof PD_REGION_CHECKS)[number];

/** Orders in which PD can list the largest regions, in every version from 6.5 (PD API, regions). */
export const PD_TOP_REGION_KINDS = [
  'writeflow',
  'readflow',
  'confver',
  'version',
  'size',
  'keys',
] as const;

/** See {@link PD_TOP_REGION_KINDS}. */
export type PDTopRegionKind = (typeof PD_TOP_REGION_KINDS)[number];

/**
 * Reads the answer of `GET /region/id/{id}`: `null` when PD answers an unknown id with `null` or with region 0
 * (PD API, version differences), which is a region like any other but for its members' values.
 */
export function parseMaybeRegion(body: JsonReader): PDRegion | null {
  if (body.isMissing) return null;
  return body.field('id').count() === 0 ? parseNoRegion(body) : parseRegion(body);
}

function parseNoRegion(body: JsonReader): null {
  const keys = [body.field('start_key').text(), body.field('end_key').text()];
  return keys.join('') === '' && parseLeader(body.field('leader')) === null
    ? null
    : body.field('id').fail('the id of a region with keys or a leader');
}

/** Reads every list of regions. */
export function parseRegions(body: JsonReader): readonly PDRegion[] {
  return body.countedList('regions').map(parseRegion);
}

function parseRegion(body: JsonReader): PDRegion {
  return {
    id: body.field('id').id(),
    startKey: body.field('start_key').text(),
    endKey: body.field('end_key').text(),
    epoch: parseEpoch(body.field('epoch')),
    peers: body.field('peers').list().map(parsePeer),
    leader: parseLeader(body.field('leader')),
    downPeers: body.field('down_peers').items().map(parseDownPeer),
    pendingPeers: body.field('pending_peers').items().map(parsePeer),
    writtenBytes: body.field('written_bytes').count(),
    readBytes: body.field('read_bytes').count(),
    approximateSizeMiB: body.field('approximate_size').count(),
    approximateKeys: body.field('approximate_keys').count(),
  };
}

/** Reads an epoch; PD leaves out what is 0. */
function parseEpoch(body: JsonReader): PDRegionEpoch {
  return { confVer: body.field('conf_ver').count(0), version: body.field('version').count(0) };
}

// A region without a leader has one of store 0: `{"role_name":""}`.
function parseLeader(body: JsonReader): PDPeer | null {
  const role = body.field('role_name').text();
  return role === '' && body.field('store_id').isMissing ? null : parsePeer(body);
}

function parsePeer(body: JsonReader): PDPeer {
  return {
    id: body.field('id').id(),
    storeId: body.field('store_id').id(),
    role: parseRole(body.field('role_name')),
    isWitness: body.field('is_witness').flag(false),
  };
}

function parseRole(body: JsonReader): PDPeerRole {
  const name = body.text();
  return PD_PEER_ROLES.find((known) => known === name) ?? body.fail('a role');
}

function parseDownPeer(body: JsonReader): PDDownPeer {
  return {
    peer: parsePeer(body.field('peer')),
    downSeconds: body.field('down_seconds').count(0),
  };
}
