import { isJsonObject, PLAN_FORMAT, RISK_LEVELS, schemaIssues } from 'operator-core';
import type { JsonObject } from 'operator-core';
import * as z from 'zod/mini';
import { toPlanTraits } from './plan-traits.ts';
import type { PlanTraits } from './plan-traits.ts';
import { lazily } from '../base/lazily.ts';

const text = () => z.string().check(z.minLength(1));
const named = () => z.array(z.looseObject({ name: text(), value: z.unknown() }));

/**
 * The members that policy reads: a fixture of a test may be edited, and need not have the right digest.
 */
const planSchema = lazily(() =>
  z.looseObject({
    format: z.literal(PLAN_FORMAT),
    subject: z.looseObject({ name: text(), guard: z.exactOptional(z.literal('none')) }),
    action: text(),
    riskLevel: z.enum(RISK_LEVELS),
    requiresApproval: z.boolean(),
    inverse: z.union([
      z.looseObject({ none: text() }),
      z.looseObject({ action: text(), parameters: z.custom<JsonObject>(isJsonObject) }),
    ]),
    resources: z.array(z.looseObject({ resource: text(), mode: z.enum(['shared', 'exclusive']) })),
    standingEffect: z.nullable(z.looseObject({ name: text(), resource: text() })),
    effects: z.array(z.looseObject({ resource: text() })),
    impact: named(),
    evidence: z.looseObject({ bound: named(), shown: named() }),
  }),
);

/** Traits of a plan document that policy reads. Throws an error that names the invalid part. */
export function parsePlanTraits(document: unknown): PlanTraits {
  const result = planSchema().safeParse(document);
  if (result.success) return toPlanTraits(result.data);
  throw new Error(`it is not a plan: ${schemaIssues(result.error, 'the whole').join('; ')}`);
}
