import * as z from 'zod/mini';
import { UNITS } from '../contract/fact.ts';
import type { Fact, Quantity, Tolerance } from '../contract/fact.ts';
import { isJsonObject, isJsonValue } from '../json/json.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { isResourceName } from '../json/resource-name.ts';
import type { PlanOutcome } from '../contract/plan.ts';
import { RISK_LEVELS } from '../contract/risk-level.ts';
import { isUnknown } from '../contract/unknown-value.ts';
import { EFFECT_CAUSES } from '../contract/verification.ts';
import type { Verification } from '../contract/verification.ts';
import { isTolerated } from './is-tolerated.ts';
import { createRemedySchema } from './remedy-schema.ts';
import { createRequestSchema } from './request-schema.ts';
import { giveZodWords } from '../json/zod-words.ts';

giveZodWords();

// Functions, because most commands never plan, and making a schema takes time at every start.
const json = () => z.custom<JsonValue>(isJsonValue, 'must be plain JSON');
const jsonObject = () =>
  z.custom<JsonObject>(
    (value) => isJsonObject(value) && isJsonValue(value),
    'must be a plain JSON object',
  );
const text = () => z.string().check(z.minLength(1));
const milliseconds = () => z.int().check(z.minimum(0));
const unit = () => z.enum(UNITS);
const resource = () => z.string().check(z.refine(isResourceName, NO_RESOURCE));

const fact = (): z.ZodMiniType<Fact> =>
  z.strictObject({
    name: text(),
    value: json(),
    unit: z.exactOptional(unit()),
  });

const amount = () => z.number().check(z.minimum(0));

const tolerance = (): z.ZodMiniType<Tolerance> =>
  z
    .strictObject({
      atLeast: z.exactOptional(z.number()),
      atMost: z.exactOptional(z.number()),
      within: z.exactOptional(z.union([amount(), z.strictObject({ ratio: amount() })])),
    })
    .check(z.refine((given) => Object.keys(given).length > 0, 'says nothing'));

const boundFact = (): z.ZodMiniType<Fact> =>
  z
    .strictObject({
      name: text(),
      value: json(),
      unit: z.exactOptional(unit()),
      tolerance: z.exactOptional(tolerance()),
    })
    .check(z.refine(toleratesItself, 'has a tolerance that does not admit its own value'));

const facts = (one: () => z.ZodMiniType<Fact>) =>
  z
    .readonly(z.array(one()))
    .check(
      z.refine(hasUniqueNames, 'has two facts of the same name, so that they cannot be compared'),
    );

const quantity = (): z.ZodMiniType<Quantity> =>
  z.strictObject({
    name: text(),
    value: z.union([z.number(), z.strictObject({ unknown: text() })]),
    unit: unit(),
  });

const standingEffect = () => z.strictObject({ name: text(), resource: resource() });

const claim = () =>
  z.strictObject({
    resource: resource(),
    mode: z.enum(['shared', 'exclusive']),
    until: z.exactOptional(z.literal('sent')),
  });

const draft = () =>
  z.strictObject({
    kind: z.literal('draft'),
    summary: text(),
    evidence: z.strictObject({ bound: facts(boundFact), shown: facts(fact) }),
    effects: z.array(
      z.strictObject({
        resource: resource(),
        description: text(),
        before: z.exactOptional(json()),
        after: z.exactOptional(json()),
        unit: z.exactOptional(unit()),
      }),
    ),
    impact: z.array(quantity()),
    warnings: z.exactOptional(z.array(text())),
    requests: z.tuple([createRequestSchema()], createRequestSchema()),
    resources: z.array(claim()).check(z.minLength(1, 'must name what the plan disturbs')),
    riskLevel: z.exactOptional(z.enum(RISK_LEVELS)),
    inverse: z.union([
      z.strictObject({ action: text(), parameters: jsonObject() }),
      z.strictObject({ none: text() }),
    ]),
    standingEffect: z.exactOptional(standingEffect()),
    deadlineMs: z.int().check(z.minimum(1)),
    settleMs: z.exactOptional(milliseconds()),
    context: z.exactOptional(jsonObject()),
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
    refusal: z.strictObject({
      code: text(),
      message: text(),
      facts: jsonObject(),
      remedy: createRemedySchema(),
    }),
    standingEffect: z.exactOptional(standingEffect()),
  });

/** Schema of the results of an action's `plan`, for hosts that cannot trust the code behind it. */
export const createPlanOutcomeSchema = (): z.ZodMiniType<PlanOutcome> =>
  z.discriminatedUnion('kind', [draft(), nothingToDo(), refused()]);

/** Schema of the results of an action's `verify`. */
export const createVerificationSchema = (): z.ZodMiniType<Verification> =>
  z.strictObject({
    state: z.enum(['pending', 'reached', 'failed', 'superseded', 'unknown']),
    summary: text(),
    facts: jsonObject(),
    progress: z.exactOptional(z.strictObject({ done: z.number(), total: z.number(), of: text() })),
    cause: z.exactOptional(z.enum(EFFECT_CAUSES)),
    wasReached: z.exactOptional(z.literal(true)),
  });

const NO_RESOURCE = 'must be `kind:id` without white space, or a bare kind';

/** True when the tolerance admits the planned value. An unknown one is refused elsewhere, with its reason. */
function toleratesItself(given: Fact): boolean {
  return given.tolerance === undefined || isUnknown(given.value) || isTolerated(given, given.value);
}

function hasUniqueNames(list: readonly Fact[]): boolean {
  return new Set(list.map(({ name }) => name)).size === list.length;
}
