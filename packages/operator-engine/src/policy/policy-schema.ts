import * as z from 'zod/mini';
import { DECISION_KINDS } from '../ledger/approval.ts';
import { parseDuration } from './amounts.ts';
import { conditionsSchema, parsedText, riskConditionsSchema, text } from './condition-schema.ts';
import { testSchema } from './test-schema.ts';
import { lazily } from '../base/lazily.ts';

const MOST_APPROVALS = 100;
const id = () => text().check(z.regex(/^[\w.-]+$/u, 'is named by letters, digits, -, _ and .'));
const duration = () => parsedText(parseDuration, 'must be a duration like 90s, 5m, 1h or 7d');
const count = () => z.int().check(z.minimum(1));

/** The limits that apply when a policy gives none. Durations in milliseconds. */
export const DEFAULT_POLICY_LIMITS = {
  runsAtOnce: 5,
  runsPerHour: 60,
  cooldownMs: 5 * 60_000,
  failures: { count: 3, blockMs: 3_600_000 },
} as const;

/** Makes a value optional or `null`. */
function orNull<Schema extends z.ZodMiniType>(schema: Schema) {
  return z._default(z.nullable(schema), null);
}

const approvalSchema = lazily(() =>
  z
    .strictObject({
      count: z._default(count().check(z.maximum(MOST_APPROVALS)), 1),
      from: orNull(z.array(text()).check(z.minLength(1, 'must name at least one person'))),
      requesterMayApprove: z._default(z.boolean(), false),
    })
    .check(
      z.refine(({ from, count: asked }) => from === null || new Set(from).size >= asked, {
        message: 'names fewer people than approvals are asked for',
        path: ['from'],
      }),
    ),
);

const ruleSchema = lazily(() =>
  z
    .strictObject({
      id: id(),
      when: conditionsSchema(),
      decision: z.enum(DECISION_KINDS),
      approval: z.optional(approvalSchema()),
      reason: text(),
    })
    .check(
      z.refine(
        ({ decision, approval }) => decision === 'needs_approval' || approval === undefined,
        {
          message: 'only goes with decision: needs_approval',
          path: ['approval'],
        },
      ),
    ),
);

const riskSchema = lazily(() =>
  z.strictObject({
    id: id(),
    when: riskConditionsSchema(),
    raiseTo: z.enum(['medium', 'high']),
    reason: text(),
  }),
);

const resourceLimitSchema = lazily(() =>
  z
    .strictObject({
      kind: text().check(z.regex(/^[^:*]+$/u, 'is what stands before the colon of a resource')),
      most: orNull(count()),
      share: orNull(z.number().check(z.positive(), z.maximum(1))),
      of: orNull(text()),
    })
    .check(
      z.refine(({ most, share }) => most !== null || share !== null, 'needs most or share'),
      z.refine(({ share, of }) => (share === null) === (of === null), {
        message: 'goes with share: the fact of the plan that says how many there are',
        path: ['of'],
      }),
    ),
);

function orNone<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.pipe(
    z.transform((value) => (value === 'none' ? null : value)),
    z.nullable(schema),
  );
}

const limitsSchema = lazily(() =>
  z.strictObject({
    runsAtOnce: z._default(orNone(count()), DEFAULT_POLICY_LIMITS.runsAtOnce),
    runsPerHour: z._default(orNone(count()), DEFAULT_POLICY_LIMITS.runsPerHour),
    cooldown: z._default(orNone(duration()), DEFAULT_POLICY_LIMITS.cooldownMs),
    failures: z._default(orNone(z.strictObject({ count: count(), block: duration() })), {
      count: DEFAULT_POLICY_LIMITS.failures.count,
      block: DEFAULT_POLICY_LIMITS.failures.blockMs,
    }),
    resourcesAtOnce: z._default(z.array(resourceLimitSchema()), []),
  }),
);

/** The policy file. */
export const policySchema = lazily(() =>
  z.strictObject({
    rules: z.array(ruleSchema()),
    risk: z._default(z.array(riskSchema()), []),
    limits: z.prefault(limitsSchema(), {}),
    guarded: z.optional(approvalSchema()),
    tests: z._default(z.array(testSchema()), []),
  }),
);

/** The content of a file that fits the schema. */
export type PolicyContent = z.infer<ReturnType<typeof policySchema>>;

/** Known keys, to suggest one for a misspelt key. */
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
