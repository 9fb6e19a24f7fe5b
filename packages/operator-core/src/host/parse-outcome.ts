import type * as z from 'zod/mini';
import { createMisbehaved } from './create-misbehaved.ts';
import type { PlanOutcome } from '../contract/plan.ts';
import { createPlanOutcomeSchema, createVerificationSchema } from './plan-outcome-schema.ts';
import { schemaIssues } from '../json/schema-issues.ts';
import type { Verification } from '../contract/verification.ts';

let planOutcomeSchema: z.ZodMiniType<PlanOutcome> | null = null;
let verificationSchema: z.ZodMiniType<Verification> | null = null;

/** Checks what an action's `plan` returned. Throws `PLUGIN_MISBEHAVED` saying what is wrong with it. */
export function parsePlanOutcome(action: string, value: unknown): PlanOutcome {
  planOutcomeSchema ??= createPlanOutcomeSchema();
  return parse(planOutcomeSchema, value, `the plan of action ${action}`);
}

/** Checks what an action's `verify` returned. Throws `PLUGIN_MISBEHAVED` saying what is wrong with it. */
export function parseVerification(action: string, value: unknown): Verification {
  verificationSchema ??= createVerificationSchema();
  return parse(verificationSchema, value, `the verification of action ${action}`);
}

function parse<Value>(schema: z.ZodMiniType<Value>, value: unknown, what: string): Value {
  const result = safeParse(schema, value);
  if (result.success) return result.data;
  throw createMisbehaved(what, result.issues, result.cause);
}

type Parsed<Value> =
  | { readonly success: true; readonly data: Value }
  | { readonly success: false; readonly issues: readonly string[]; readonly cause: unknown };

function safeParse<Value>(schema: z.ZodMiniType<Value>, value: unknown): Parsed<Value> {
  try {
    const result = schema.safeParse(value);
    if (result.success) return result;
    return { success: false, issues: schemaIssues(result.error, 'the whole'), cause: result.error };
  } catch (cause) {
    // A getter of the plugin's that throws.
    return { success: false, issues: ['the whole: cannot be read'], cause };
  }
}
