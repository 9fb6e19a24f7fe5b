import type { JsonObject } from 'operator-core';
import type { Cluster } from './support.ts';

/** The zones of stores 1 to 5 after {@link labelZones}. */
export const ZONES = ['z1', 'z2', 'z3', 'z1', 'z2'] as const;

/** Labels the stores with their zones, as an administrator would. */
export async function labelZones(cluster: Cluster): Promise<void> {
  for (const [index, zone] of ZONES.entries()) {
    await mustPost(cluster, `/store/${index + 1}/label`, { zone });
  }
}

/** A rule that wants so many replicas in these zones. */
export function zoneRule(
  id: string,
  wanted: { readonly role: string; readonly count: number; readonly zones: readonly string[] },
): JsonObject {
  const { role, count, zones } = wanted;
  const constraints = [{ key: 'zone', op: 'in', values: zones }];
  return { group_id: 'pd', id, role, count, label_constraints: constraints };
}

/** Labels zones and puts these rules in the place of the default one. */
export async function setZoneRules(cluster: Cluster, rules: readonly JsonObject[]): Promise<void> {
  await labelZones(cluster);
  for (const rule of rules) await mustPost(cluster, '/config/rule', rule);
  const { status, words } = await cluster.delete('/config/rule/pd/default');
  if (status !== 200) throw new Error(words);
}

/** Voters in z1 and z2, a follower in z3: region 9 on stores 1, 2 and 3 meets it. */
export async function setFollowerZone(cluster: Cluster): Promise<void> {
  await setZoneRules(cluster, [
    zoneRule('lead', { role: 'voter', count: 2, zones: ['z1', 'z2'] }),
    zoneRule('follow', { role: 'follower', count: 1, zones: ['z3'] }),
  ]);
}

/** Keeps leaders from the stores of z3 by a label property. */
export async function rejectLeadersOfZone3(cluster: Cluster): Promise<void> {
  await labelZones(cluster);
  await mustPost(cluster, '/config/label-property', {
    action: 'set',
    type: 'reject-leader',
    'label-key': 'zone',
    'label-value': 'z3',
  });
}

/** Sets location labels, and an isolation level where one is given. */
export async function isolateZones(cluster: Cluster, level: string): Promise<void> {
  await labelZones(cluster);
  const body = { 'location-labels': 'zone', 'isolation-level': level };
  await mustPost(cluster, '/config/replicate', body);
}

/** Lets a rule end inside of region 9, so that none applies to the whole of it. */
export async function addBorder(cluster: Cluster): Promise<void> {
  cluster.sim.faults.pauseCheckers();
  const rule = { group_id: 'pd', id: 'first', role: 'learner', count: 1, end_key: '01' };
  await mustPost(cluster, '/config/rule', rule);
}

/** Posts, and fails unless PD takes it. */
export async function mustPost(cluster: Cluster, path: string, body: JsonObject): Promise<void> {
  const { status, words } = await cluster.post(path, body);
  if (status !== 200) throw new Error(`${path}: ${words}`);
}
