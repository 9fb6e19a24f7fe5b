import { RISK_LEVELS } from 'operator-core';
import * as z from 'zod/mini';
import { ACTOR_KINDS } from '../ledger/actor.ts';
import { MODES } from '../ledger/mode.ts';
import { DECISION_KINDS } from '../ledger/approval.ts';
import { PURPOSE_KINDS } from '../ledger/run-record.ts';
import { amount, text } from './condition-schema.ts';
import { GUARDS, REVERSIBILITIES } from './rule-conditions.ts';
import { lazily } from '../base/lazily.ts';

/** `null`: unknown. */
const knownOrNot = () =>
  z.pipe(
    z.transform((value) => (value === 'unknown' ? null : value)),
    z.nullable(amount()),
  );
const amounts = () => z.record(text(), knownOrNot());
const resources = () => z._default(z.array(text()), []);

const planSchema = lazily(() =>
  z.strictObject({
    subject: text(),
    action: text(),
    riskLevel: z.enum(RISK_LEVELS),
    guard: z._default(z.enum(GUARDS), 'host'),
    reversibility: z._default(z.enum(REVERSIBILITIES), 'reversible'),
    requiresApproval: z._default(z.boolean(), false),
    disturbs: resources(),
    shares: resources(),
    impact: z._default(amounts(), {}),
    counts: z._default(amounts(), {}),
  }),
);

const expectSchema = lazily(() =>
  z.pipe(
    z.transform((value) => (typeof value === 'string' ? { decision: value } : value)),
    z.strictObject({
      decision: z.enum(DECISION_KINDS),
      count: z.exactOptional(z.int().check(z.minimum(1))),
      rules: z.exactOptional(z.array(text())),
      risk: z.exactOptional(z.enum(RISK_LEVELS)),
    }),
  ),
);

/** One test case of the policy file. */
export const testSchema = lazily(() =>
  z
    .strictObject({
      name: text(),
      plan: z.optional(planSchema()),
      planFile: z.optional(text()),
      requester: z.strictObject({ kind: z.enum(ACTOR_KINDS), name: text() }),
      purpose: z._default(z.enum(PURPOSE_KINDS), 'change'),
      mode: z._default(z.enum(MODES), 'autonomous'),
      at: z.optional(
        z.iso.datetime({ offset: true, error: 'must be a time like 2026-03-29T01:30:00Z' }),
      ),
      expect: expectSchema(),
    })
    .check(
      z.refine(({ plan, planFile }) => (plan === undefined) !== (planFile === undefined), {
        message: 'needs either plan or planFile',
      }),
    ),
);

/** A test case as the schema gives it. */
export type TestContent = z.infer<ReturnType<typeof testSchema>>;
/** A plan of a test case as the schema gives it. */
export type TestPlanContent = z.infer<ReturnType<typeof planSchema>>;
