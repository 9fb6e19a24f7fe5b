import type { JsonReader } from './json-reader.ts';

/** Roles that a placement rule may ask for (PD API, config). */
export const PD_RULE_ROLES = ['voter', 'leader', 'follower', 'learner'] as const;

/** See {@link PD_RULE_ROLES}. */
export type PDRuleRole = (typeof PD_RULE_ROLES)[number];

const CONSTRAINT_OPS = ['in', 'notIn', 'exists', 'notExists'] as const;

/** A condition on the labels of a store. */
export interface PDLabelConstraint {
  readonly key: string;
  readonly op: (typeof CONSTRAINT_OPS)[number];
  readonly values: readonly string[];
}

/** A placement rule: how many replicas are wanted, in which role, on which stores. */
export interface PDRule {
  readonly groupId: string;
  readonly id: string;
  /** True when it disables the rules before it in its group. */
  readonly override: boolean;
  /** Upper-case hex; empty is the beginning. */
  readonly startKey: string;
  /** Upper-case hex, exclusive; empty is the end. */
  readonly endKey: string;
  readonly role: PDRuleRole;
  readonly isWitness: boolean;
  readonly count: number;
  readonly constraints: readonly PDLabelConstraint[];
  readonly locationLabels: readonly string[];
  /** One of the location labels; empty: replicas may share any domain. */
  readonly isolationLevel: string;
}

/** Placement rules that belong together, in the order in which PD applies them. */
export interface PDRuleGroup {
  readonly id: string;
  /** True when it disables the rules of all groups before it. */
  readonly override: boolean;
  readonly rules: readonly PDRule[];
}

/** Replicas of a region that PD counts for one rule. */
export interface PDRuleFit {
  readonly rule: PDRule;
  readonly peerIds: readonly number[];
  /** Peers among them with another role than the rule's. */
  readonly wrongRolePeerIds: readonly number[];
  /** Distance at which the location labels keep them; greater is better. */
  readonly isolationScore: number;
}

/** Assignment of a region's replicas to the rules that apply to it. */
export interface PDRegionFit {
  /** Empty where the region reaches over the border of a rule. */
  readonly rules: readonly PDRuleFit[];
  /** Replicas that no rule wants. */
  readonly orphanPeerIds: readonly number[];
}

/** A label and its value. */
export interface PDLabel {
  readonly key: string;
  readonly value: string;
}

/** Labels by the property that they give to stores: `reject-leader`. */
export type PDLabelProperties = ReadonlyMap<string, readonly PDLabel[]>;

/** Replicas a minute that PD's own operators add to and remove from a store. */
export interface PDStoreLimit {
  readonly addPeer: number;
  readonly removePeer: number;
}

/** Reads the answer of `GET /config/placement-rule`. */
export function parseRuleGroups(body: JsonReader): readonly PDRuleGroup[] {
  return body.list().map((group) => ({
    id: group.field('group_id').text(),
    override: group.field('group_override').flag(),
    rules: group.field('rules').nullableList().map(parseRule),
  }));
}

/** Reads the answer of `GET /config/rules/region/{id}/detail`. */
export function parseRegionFit(body: JsonReader): PDRegionFit {
  return {
    rules: body
      .field('rule-fits')
      .nullableList()
      .map((fit) => ({
        rule: parseRule(fit.field('rule')),
        peerIds: parsePeerIds(fit.field('peers')),
        wrongRolePeerIds: parsePeerIds(fit.field('peers-different-role')),
        isolationScore: fit.field('isolation-score').amount(),
      })),
    orphanPeerIds: parsePeerIds(body.field('orphan-peers')),
  };
}

/** Reads the member `label-property` of `GET /config`, which is `null` until one has been set. */
export function parseLabelProperties(body: JsonReader): PDLabelProperties {
  if (body.isMissing) return new Map();
  return new Map(
    body.entries().map(([type, labels]) => [
      type,
      labels.items().map((label) => ({
        key: label.field('key').text(),
        value: label.field('value').text(),
      })),
    ]),
  );
}

/** Reads the answer of `GET /stores/limit`. */
export function parseStoreLimits(body: JsonReader): ReadonlyMap<number, PDStoreLimit> {
  return new Map(
    body.entries().map(([id, limit]) => [
      /^\d{1,15}$/u.test(id) ? Number(id) : limit.fail('under the id of a store'),
      {
        addPeer: limit.field('add-peer').amount(),
        removePeer: limit.field('remove-peer').amount(),
      },
    ]),
  );
}

function parseRule(body: JsonReader): PDRule {
  const role = body.field('role');
  return {
    groupId: body.field('group_id').text(),
    id: body.field('id').text(),
    override: body.field('override').flag(false),
    startKey: body.field('start_key').text().toUpperCase(),
    endKey: body.field('end_key').text().toUpperCase(),
    role: PD_RULE_ROLES.find((each) => each === role.text()) ?? role.fail('a role'),
    isWitness: body.field('is_witness').flag(),
    count: body.field('count').count(),
    constraints: body.field('label_constraints').items().map(parseConstraint),
    locationLabels: parseTexts(body.field('location_labels')),
    isolationLevel: body.field('isolation_level').text(''),
  };
}

function parseConstraint(body: JsonReader): PDLabelConstraint {
  const op = body.field('op');
  return {
    key: body.field('key').text(''),
    op: CONSTRAINT_OPS.find((each) => each === op.text()) ?? op.fail('an operation on labels'),
    values: parseTexts(body.field('values')),
  };
}

function parseTexts(body: JsonReader): readonly string[] {
  return body.items().map((item) => item.text());
}

function parsePeerIds(body: JsonReader): readonly number[] {
  return body.nullableList().map((peer) => peer.field('id').id());
}
