import { RISK_LEVELS } from 'operator-core';
import * as z from 'zod';
import { parseDuration } from './amounts.ts';
import { conditionsSchema, parsedText, riskConditionsSchema, text } from './condition-schema.ts';
import { testSchema } from './test-schema.ts';
import { lazily } from '../lazily.ts';

const MOST_APPROVALS = 100;
const id = () => text().regex(/^[\w.-]+$/u, 'is named by letters, digits, -, _ and .');
const duration = () => parsedText(parseDuration, 'must be a duration like 90s, 5m, 1h or 7d');
const count = () => z.int().min(1);

/** The limits where a policy gives none. Durations in milliseconds. */
export const DEFAULT_POLICY_LIMITS = {
  runsAtOnce: 5,
  runsPerHour: 60,
  cooldownMs: 5 * 60_000,
  failures: { count: 3, blockMs: 3_600_000 },
} as const;

const approvalSchema = lazily(() =>
  z
    .strictObject({
      count: count().max(MOST_APPROVALS).default(1),
      from: z.array(text()).min(1, 'must name at least one person').nullable().default(null),
      requesterMayApprove: z.boolean().default(false),
    })
    .refine(({ from, count: asked }) => from === null || new Set(from).size >= asked, {
      message: 'names fewer people than approvals are asked for',
      path: ['from'],
    }),
);

const ruleSchema = lazily(() =>
  z
    .strictObject({
      id: id(),
      when: conditionsSchema(),
      decision: z.enum(['allow', 'needs_approval', 'deny']),
      approval: approvalSchema().optional(),
      reason: text(),
    })
    .refine(({ decision, approval }) => decision === 'needs_approval' || approval === undefined, {
      message: 'only goes with decision: needs_approval',
      path: ['approval'],
    }),
);

const riskSchema = lazily(() =>
  z.strictObject({
    id: id(),
    when: riskConditionsSchema(),
    raiseTo: z.enum(RISK_LEVELS).exclude(['low']),
    reason: text(),
  }),
);

const resourceLimitSchema = lazily(() =>
  z
    .strictObject({
      kind: text().regex(/^[^:*]+$/u, 'is what stands before the colon of a resource'),
      most: count().nullable().default(null),
      share: z.number().positive().max(1).nullable().default(null),
      of: text().nullable().default(null),
    })
    .refine(({ most, share }) => most !== null || share !== null, 'needs most or share')
    .refine(({ share, of }) => (share === null) === (of === null), {
      message: 'goes with share: the fact of the plan that says how many there are',
      path: ['of'],
    }),
);

function orNone<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === 'none' ? null : value), schema.nullable());
}

const limitsSchema = lazily(() =>
  z.strictObject({
    runsAtOnce: orNone(count()).default(DEFAULT_POLICY_LIMITS.runsAtOnce),
    runsPerHour: orNone(count()).default(DEFAULT_POLICY_LIMITS.runsPerHour),
    cooldown: orNone(duration()).default(DEFAULT_POLICY_LIMITS.cooldownMs),
    failures: orNone(z.strictObject({ count: count(), block: duration() })).default({
      count: DEFAULT_POLICY_LIMITS.failures.count,
      block: DEFAULT_POLICY_LIMITS.failures.blockMs,
    }),
    resourcesAtOnce: z.array(resourceLimitSchema()).default([]),
  }),
);

/** The policy file. */
export const policySchema = lazily(() =>
  z.strictObject({
    rules: z.array(ruleSchema()),
    risk: z.array(riskSchema()).default([]),
    limits: limitsSchema().prefault({}),
    guarded: approvalSchema().optional(),
    tests: z.array(testSchema()).default([]),
  }),
);

/** The content of a file that the schema found nothing wrong with. */
export type PolicyContent = z.infer<ReturnType<typeof policySchema>>;

/** Keys that a misspelt one may have been meant to be. */
export function listPolicyKeys(): readonly string[] {
  return [
    policySchema(),
    ruleSchema(),
    riskSchema(),
    limitsSchema(),
    approvalSchema(),
    resourceLimitSchema(),
    conditionsSchema(),
    testSchema(),
  ].flatMap(({ shape }) => Object.keys(shape));
}
