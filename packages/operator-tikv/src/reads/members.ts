import { isUnknown } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { Member } from '../model/cluster.ts';
import type { PDClient, PDMember, PDMemberHealth } from '../pd/index.ts';
import { known, orUnknown } from './or-unknown.ts';

/** PD's members, by name. */
export async function readMembers(pd: PDClient, options: CallOptions): Promise<readonly Member[]> {
  const [{ members, leader }, health] = await Promise.all([
    pd.getMembers(options),
    orUnknown(pd.getHealth(options), options),
  ]);
  return members
    .map((member) => toMember(member, { leaderId: leader?.memberId ?? null, health }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function toMember(
  member: PDMember,
  seen: { readonly leaderId: string | null; readonly health: OrUnknown<readonly PDMemberHealth[]> },
): Member {
  return {
    name: member.name,
    memberId: member.memberId,
    clientUrls: member.clientUrls,
    isLeader: member.memberId === seen.leaderId,
    version: known(member.version, 'the member does not report it'),
    healthy: isUnknown(seen.health) ? seen.health : healthOf(member, seen.health),
  };
}

function healthOf(member: PDMember, health: readonly PDMemberHealth[]): OrUnknown<boolean> {
  const found = health.find(({ memberId }) => memberId === member.memberId);
  return known(found?.isHealthy, 'PD did not report on it');
}
