import { type Peer, PEER_ROLES } from '../world/cluster/peer.ts';
import { type Region, knownLeader } from '../world/cluster/region.ts';
import type { World } from '../world/world.ts';

/** PD's answer for a region that it does not know. */
export const ZERO_REGION =
  '{"id":0,"start_key":"","end_key":"","leader":{"role_name":""},"cpu_usage":0,"written_bytes":0,"read_bytes":0,"written_keys":0,"read_keys":0,"approximate_size":0,"approximate_keys":0}';

/** One region as PD's generated encoder writes it: compact, this order of keys, zero values left out. */
export function regionJson(world: World, region: Region): string {
  const leader = knownLeader(region);
  const { flow } = region;
  const [size, keys] = region.reported ? [region.sizeMiB, region.keys] : [0, 0];
  const parts = [
    `"id":${region.id},"start_key":"${region.startKey}","end_key":"${region.endKey}"`,
    `"epoch":{"conf_ver":${region.confVer},"version":${region.version}}`,
    `"peers":[${region.peers.map(peerJson).join(',')}]`,
    `"leader":${leader === undefined ? '{"role_name":""}' : peerJson(leader)}`,
    ...downPeers(world, region),
    ...pendingPeers(region),
    `"cpu_usage":0,"written_bytes":${flow.writtenBytes},"read_bytes":${flow.readBytes}`,
    `"written_keys":${flow.writtenKeys},"read_keys":${flow.readKeys}`,
    `"approximate_size":${size},"approximate_keys":${keys}`,
  ];
  return `{${parts.join(',')}}`;
}

export function regionsJson(world: World, regions: readonly Region[]): string {
  return `{"count":${regions.length},"regions":[${regions.map((region) => regionJson(world, region)).join(',')}]}`;
}

function peerJson(peer: Peer): string {
  const learner = peer.role === 'Learner' ? '"is_learner":true,' : '';
  const role = peer.role === 'Voter' ? '' : `,"role":${PEER_ROLES.indexOf(peer.role)}`;
  return `{"role_name":"${peer.role}",${learner}"id":${peer.id},"store_id":${peer.storeId}${role}${peer.isWitness === true ? ',"is_witness":true' : ''}}`;
}

function pendingPeers(region: Region): string[] {
  if (!region.reported || region.pending.size === 0) return [];
  const peers = region.peers.filter((peer) => region.pending.has(peer.storeId));
  return peers.length === 0 ? [] : [`"pending_peers":[${peers.map(peerJson).join(',')}]`];
}

function downPeers(world: World, region: Region): string[] {
  const down = [...downSeconds(world, region)];
  if (down.length === 0) return [];
  return [
    `"down_peers":[${down.map(([peer, seconds]) => `{"peer":${peerJson(peer)},"down_seconds":${seconds}}`).join(',')}]`,
  ];
}

/** Replicas that the region's leader reports down: made so by a fault, or on a store that has been silent for long. */
export function downSeconds(world: World, region: Region): Map<Peer, number> {
  const found = new Map<Peer, number>();
  if (!region.reported) return found;
  for (const peer of region.peers) {
    const seconds = region.down.get(peer.storeId) ?? silentSeconds(world, peer.storeId);
    if (seconds !== undefined && peer !== region.leader) found.set(peer, seconds);
  }
  return found;
}

function silentSeconds(world: World, storeId: number): number | undefined {
  const silence = world.topology.stores.get(storeId)?.silence;
  if (silence === undefined) return undefined;
  const silentMs = world.clock.now() - silence.since;
  return silentMs >= world.settings.downPeerAfterMs ? Math.floor(silentMs / 1000) : undefined;
}
