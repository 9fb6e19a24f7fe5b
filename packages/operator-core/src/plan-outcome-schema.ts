import * as z from 'zod';
import { UNITS } from './fact.ts';
import type { Fact, Quantity } from './fact.ts';
import { isJsonObject, isJsonValue } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { PlanOutcome } from './plan.ts';
import { RISK_LEVELS } from './risk-level.ts';
import type { Verification } from './verification.ts';

// Functions, because most commands never plan, and making a schema takes time at every start.
const json = () => z.custom<JsonValue>(isJsonValue, 'must be plain JSON');
const jsonObject = () =>
  z.custom<JsonObject>(
    (value) => isJsonObject(value) && isJsonValue(value),
    'must be a plain JSON object',
  );
const text = () => z.string().min(1);
const milliseconds = () => z.int().min(0);
const unit = () => z.enum(UNITS);

const fact = (): z.ZodType<Fact> =>
  z.strictObject({
    name: text(),
    value: json(),
    unit: unit().exactOptional(),
  });

const facts = () =>
  z
    .array(fact())
    .readonly()
    .refine(hasUniqueNames, 'has two facts of the same name, so that they cannot be compared');

const quantity = (): z.ZodType<Quantity> =>
  z.strictObject({
    name: text(),
    value: z.union([z.number(), z.strictObject({ unknown: text() })]),
    unit: unit(),
  });

const request = () =>
  z.strictObject({
    purpose: text(),
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
    // One origin-less path: `//host/x` would name another server.
    path: z.string().regex(/^\/(?!\/)[\u0021-\u007e]*$/u, 'must be a path on the system itself'),
    body: z.string().nullable(),
  });

const draft = () =>
  z.strictObject({
    kind: z.literal('draft'),
    summary: text(),
    evidence: z.strictObject({ bound: facts(), shown: facts() }),
    effects: z.array(
      z.strictObject({
        resource: text(),
        description: text(),
        before: json().exactOptional(),
        after: json().exactOptional(),
      }),
    ),
    impact: z.array(quantity()),
    warnings: z.array(text()).exactOptional(),
    requests: z.tuple([request()], request()),
    resources: z.array(z.strictObject({ resource: text(), mode: z.enum(['shared', 'exclusive']) })),
    riskLevel: z.enum(RISK_LEVELS).exactOptional(),
    inverse: z.union([
      z.strictObject({ action: text(), parameters: jsonObject() }),
      z.strictObject({ none: text() }),
    ]),
    standingEffect: z.strictObject({ name: text(), resource: text() }).exactOptional(),
    deadlineMs: milliseconds(),
    settleMs: milliseconds().exactOptional(),
  });

const nothingToDo = () =>
  z.strictObject({
    kind: z.literal('nothing_to_do'),
    summary: text(),
    facts: jsonObject(),
  });

const refused = () =>
  z.strictObject({
    kind: z.literal('refused'),
    refusal: z.strictObject({ code: text(), message: text(), facts: jsonObject(), remedy: text() }),
  });

/** What an action's `plan` may return, for hosts that cannot trust the code behind it. */
export const createPlanOutcomeSchema = (): z.ZodType<PlanOutcome> =>
  z.discriminatedUnion('kind', [draft(), nothingToDo(), refused()]);

/** What an action's `verify` may return. */
export const createVerificationSchema = (): z.ZodType<Verification> =>
  z.strictObject({
    state: z.enum(['pending', 'reached', 'failed']),
    summary: text(),
    facts: jsonObject(),
    progress: z.strictObject({ done: z.number(), total: z.number(), of: text() }).exactOptional(),
  });

function hasUniqueNames(list: readonly Fact[]): boolean {
  return new Set(list.map(({ name }) => name)).size === list.length;
}
