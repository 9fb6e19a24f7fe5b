import { type JsonObject, type JsonValue, isJsonObject, textOf } from '../../text/json-value.ts';
import type { Peer } from '../cluster/peer.ts';
import { PEER_ROLES } from '../cluster/peer.ts';
import { PdRefusal } from '../cluster/refusal.ts';
import type { RegionFit, RuleFit } from './fit-region.ts';
import { CONSTRAINT_OPS, RULE_ROLES, type LabelConstraint, type Rule } from './rule.ts';

/** A rule as PD writes it: what is zero is left out, but for role, count and witness. */
export function ruleJson(rule: Rule): JsonObject {
  return {
    group_id: rule.groupId,
    id: rule.id,
    index: rule.index || undefined,
    override: rule.override || undefined,
    start_key: rule.startKey,
    end_key: rule.endKey,
    role: rule.role,
    is_witness: rule.isWitness,
    count: rule.count,
    label_constraints: orNothing(rule.constraints.map(constraintJson)),
    location_labels: orNothing(rule.locationLabels),
    isolation_level: rule.isolationLevel || undefined,
  };
}

/** Writes how a region meets its rules, as `/config/rules/region/{id}/detail` writes it. Empty lists are `null`. */
export function fitJson(fit: RegionFit, isModern: boolean): JsonObject {
  return {
    'rule-fits': fit.rules.map((each) => ruleFitJson(each, isModern)),
    'orphan-peers': orNull(fit.orphans),
  };
}

function ruleFitJson(fit: RuleFit, isModern: boolean): JsonObject {
  return {
    rule: ruleJson(fit.rule),
    peers: orNull(fit.peers),
    'peers-different-role': orNull(fit.wrongRole),
    'isolation-score': fit.isolation,
    'witness-score': isModern ? 0 : undefined,
  };
}

function constraintJson({ key, op, values }: LabelConstraint): JsonObject {
  return { key, op, values: orNothing(values) };
}

function orNothing<T extends JsonValue>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function orNull(peers: readonly Peer[]): JsonValue {
  return peers.length === 0 ? null : peers.map(peerJson);
}

function peerJson(peer: Peer): JsonObject {
  return {
    id: peer.id,
    store_id: peer.storeId,
    role: PEER_ROLES.indexOf(peer.role) || undefined,
    is_witness: peer.isWitness || undefined,
  };
}

/** Reads a rule that an administrator sends. Throws PD's refusal (400) of what is no rule. */
export function readRule(given: JsonValue | undefined): Rule {
  const body = isJsonObject(given) ? given : {};
  const text = (key: string): string => textOf(body[key]);
  const role =
    RULE_ROLES.find((each) => each === body['role']) ?? refuse(`invalid role ${text('role')}`);
  const count = typeof body['count'] === 'number' ? body['count'] : 0;
  if (text('group_id') === '') refuse('group ID should not be empty');
  if (text('id') === '') refuse('ID should not be empty');
  if (count <= 0) refuse(`invalid count ${count}`);
  if (role === 'leader' && count > 1) refuse(`define multiple leaders by count ${count}`);
  return {
    groupId: text('group_id'),
    id: text('id'),
    index: typeof body['index'] === 'number' ? body['index'] : 0,
    override: body['override'] === true,
    startKey: text('start_key'),
    endKey: text('end_key'),
    role,
    isWitness: body['is_witness'] === true,
    count,
    constraints: listOf(body['label_constraints']).map(readConstraint),
    locationLabels: listOf(body['location_labels']).map(textOf),
    isolationLevel: text('isolation_level'),
  };
}

function readConstraint(given: JsonValue): LabelConstraint {
  const body = isJsonObject(given) ? given : {};
  const op =
    CONSTRAINT_OPS.find((each) => each === body['op']) ??
    refuse(`invalid op ${textOf(body['op'])}`);
  return { key: textOf(body['key']), op, values: listOf(body['values']).map(textOf) };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function refuse(problem: string): never {
  throw new PdRefusal(400, `[PD:placement:ErrRuleContent]invalid rule content, ${problem}`);
}
