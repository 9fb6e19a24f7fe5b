import type { JsonReader } from './json-reader.ts';

/** What a peer may do (PD API, regions). The last two exist only in the middle of a change of replicas. */
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
  /** Totals of the last heartbeat interval (about 60 s), not per second; so are the next three. */
  readonly writtenBytes: number;
  readonly readBytes: number;
  readonly writtenKeys: number;
  readonly readKeys: number;
  /** MiB; 1 is at most 1 MiB, 0 is not known yet. */
  readonly approximateSizeMiB: number;
  readonly approximateKeys: number;
}

/** Which of a store's regions are asked for (PD API, regions). PD freezes at any other word. */
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

/** What PD can order the largest regions by, in every version from 6.5 (PD API, regions). */
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

/** Reads the answer of `GET /region/id/{id}`: `null` when PD answers an unknown id with `null` or with region 0. */
export function parseMaybeRegion(body: JsonReader): PDRegion | null {
  if (body.isMissing || body.field('id').count(0) === 0) return null;
  return parseRegion(body);
}

/** Reads every list of regions. */
export function parseRegions(body: JsonReader): readonly PDRegion[] {
  return body.field('regions').list().map(parseRegion);
}

function parseRegion(body: JsonReader): PDRegion {
  const epoch = body.field('epoch');
  return {
    id: body.field('id').count(),
    startKey: body.field('start_key').text(),
    endKey: body.field('end_key').text(),
    epoch: epoch.isMissing ? { confVer: 0, version: 0 } : parseEpoch(epoch),
    peers: body.field('peers').items().map(parsePeer),
    leader: parseLeader(body.field('leader')),
    downPeers: body.field('down_peers').items().map(parseDownPeer),
    pendingPeers: body.field('pending_peers').items().map(parsePeer),
    writtenBytes: body.field('written_bytes').number(0),
    readBytes: body.field('read_bytes').number(0),
    writtenKeys: body.field('written_keys').number(0),
    readKeys: body.field('read_keys').number(0),
    approximateSizeMiB: body.field('approximate_size').number(0),
    approximateKeys: body.field('approximate_keys').number(0),
  };
}

/** Reads an epoch; PD leaves out what is 0. */
export function parseEpoch(body: JsonReader): PDRegionEpoch {
  return { confVer: body.field('conf_ver').count(0), version: body.field('version').count(0) };
}

// A region without a leader has one of store 0: `{"role_name":""}`.
function parseLeader(body: JsonReader): PDPeer | null {
  if (body.isMissing || body.field('store_id').count(0) === 0) return null;
  return parsePeer(body);
}

function parsePeer(body: JsonReader): PDPeer {
  return {
    id: body.field('id').count(),
    storeId: body.field('store_id').count(),
    role: parseRole(body),
    isWitness: body.field('is_witness').flag(false),
  };
}

function parseRole(body: JsonReader): PDPeerRole {
  const name = body.field('role_name').text('');
  const role = name === '' ? PD_PEER_ROLES[body.field('role').count(0)] : name;
  return PD_PEER_ROLES.find((known) => known === role) ?? body.field('role_name').fail('a role');
}

function parseDownPeer(body: JsonReader): PDDownPeer {
  return {
    peer: parsePeer(body.field('peer')),
    downSeconds: body.field('down_seconds').count(0),
  };
}
