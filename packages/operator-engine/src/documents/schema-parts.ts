import { isJsonObject, isJsonValue, RISK_LEVELS } from 'operator-core';
import type {
  ActionDefinition,
  JsonObject,
  JsonValue,
  NextOperation,
  OperatorErrorDocument,
  Plan,
  PlanSubject,
  Refusal,
  Remedy,
  SendResult,
  SystemIdentity,
  TargetedRequest,
  Verification,
  Paging,
  View,
} from 'operator-core';
import { EFFECT_CAUSES, ERROR_KINDS, PARAM_TYPES, PLAN_FORMAT, UNITS } from 'operator-core';
import * as z from 'zod/mini';
import type { Position } from '../config/config-issue.ts';

export const text = () => z.string();
export const flag = () => z.boolean();
export const whole = () => z.int();
export const time = () => z.iso.datetime();
export const orNull = <Value>(schema: z.ZodMiniType<Value>) => z.nullable(schema);
export const texts = () => z.array(text());
export const json = () => z.custom<JsonValue>(isJsonValue);

/** An object of JSON whose members no host relies on. */
export function anyObject<Value extends object = JsonObject>(): z.ZodMiniType<Value> {
  return z
    .custom<Value>((value) => isJsonObject(value) && isJsonValue(value))
    .check(z.meta({ type: 'object' }));
}

/** Operations that a caller may ask for next. */
export const next = (): z.ZodMiniType<readonly NextOperation[]> =>
  z.array(z.custom<NextOperation>(isJsonObject).check(z.meta({ type: 'object' })));

/** A remedy as one value. */
export const remedy = (): z.ZodMiniType<string | Remedy> =>
  z.union([text(), z.strictObject({ text: text(), next: next() })]);

export const position = { line: whole(), column: whole() } satisfies Readonly<
  Record<keyof Position, z.ZodMiniType<number>>
>;

export const system = (): z.ZodMiniType<SystemIdentity> =>
  z.strictObject({ kind: text(), id: text(), version: z.exactOptional(text()) });

export const planSubject = (): z.ZodMiniType<PlanSubject> =>
  z.strictObject({ name: text(), plugin: text(), system: system() });

export const error = (): z.ZodMiniType<OperatorErrorDocument> =>
  z.strictObject({
    code: text(),
    kind: z.enum(ERROR_KINDS),
    message: text(),
    remedy: text(),
    next: next(),
    facts: anyObject(),
    retryable: flag(),
  });

export const refusal = (): z.ZodMiniType<Refusal> =>
  z.strictObject({
    code: text(),
    message: text(),
    facts: anyObject(),
    remedy: remedy(),
    next: z.exactOptional(next()),
  });

export const verification = (): z.ZodMiniType<Verification> =>
  z.strictObject({
    state: z.enum(['pending', 'reached', 'failed', 'superseded', 'unknown']),
    summary: text(),
    facts: anyObject(),
    progress: z.exactOptional(z.strictObject({ done: z.number(), total: z.number(), of: text() })),
    cause: z.exactOptional(z.enum(EFFECT_CAUSES)),
    wasReached: z.exactOptional(z.literal(true)),
  });

export const request = () => anyObject<TargetedRequest>();

export const sendResult = (): z.ZodMiniType<SendResult> =>
  z.discriminatedUnion('outcome', [
    z.looseObject({ outcome: z.literal('accepted'), status: whole(), answer: text() }),
    z.looseObject({
      outcome: z.literal('refused'),
      status: whole(),
      answer: text(),
      refusal: z.exactOptional(refusal()),
      certain: z.exactOptional(z.literal(true)),
    }),
    z.strictObject({ outcome: z.enum(['not_sent', 'unknown']), reason: text() }),
  ]);

const fact = () =>
  z.strictObject({
    name: text(),
    value: json(),
    unit: z.exactOptional(z.enum(UNITS)),
    tolerance: z.exactOptional(anyObject()),
  });

export const facts = (): z.ZodMiniType<Plan['evidence']['bound']> => z.array(fact());

const inverse = () =>
  z.union([
    z.strictObject({ action: text(), parameters: anyObject() }),
    z.strictObject({ none: text() }),
  ]);

const planMembers = () => ({
  digest: text(),
  createdAt: time(),
  expiresAt: time(),
  subject: planSubject(),
  action: text(),
  parameters: anyObject(),
  summary: text(),
  evidence: z.strictObject({ bound: facts(), shown: facts() }),
  effects: z.array(
    z.strictObject({
      resource: text(),
      description: text(),
      before: z.exactOptional(json()),
      after: z.exactOptional(json()),
    }),
  ),
  impact: z.array(
    z.strictObject({
      name: text(),
      value: z.union([z.number(), z.strictObject({ unknown: text() })]),
      unit: z.enum(UNITS),
    }),
  ),
  warnings: texts(),
  requests: z.tuple([request()], request()),
  resources: z.array(
    z.strictObject({
      resource: text(),
      mode: z.enum(['shared', 'exclusive']),
      until: z.exactOptional(z.literal('sent')),
    }),
  ),
  riskLevel: z.enum(RISK_LEVELS),
  requiresApproval: flag(),
  inverse: inverse(),
  standingEffect: orNull(z.strictObject({ name: text(), resource: text() })),
  deadlineMs: whole(),
  settleMs: whole(),
  context: z.exactOptional(anyObject()),
});

export const planContent = (): z.ZodMiniType<Omit<Plan, 'format'>> => z.strictObject(planMembers());
export const plan = (): z.ZodMiniType<Plan> =>
  z.strictObject({ format: z.literal(PLAN_FORMAT), ...planMembers() });

const parameters = () =>
  z.record(
    text(),
    z.strictObject({
      type: z.enum(PARAM_TYPES),
      description: text(),
      required: flag(),
      default: z.exactOptional(json()),
      enum: z.exactOptional(z.array(json())),
      minimum: z.exactOptional(z.number()),
      maximum: z.exactOptional(z.number()),
      pattern: z.exactOptional(text()),
      entity: z.exactOptional(text()),
      secret: z.exactOptional(flag()),
      schema: z.exactOptional(anyObject()),
    }),
  );

const described = () => ({
  name: text(),
  description: text(),
  parameters: parameters(),
  parametersSchema: anyObject(),
});

export const action = (): z.ZodMiniType<ActionDefinition> =>
  z.strictObject({
    ...described(),
    riskLevel: z.enum(RISK_LEVELS),
    requiresApproval: flag(),
    hints: z.strictObject({ idempotent: flag(), destructive: flag() }),
  });

export const observation = () =>
  z.strictObject({
    ...described(),
    resultSchema: z.exactOptional(anyObject()),
    view: z.exactOptional(anyObject<View>()),
    pages: z.exactOptional(anyObject<Paging>()),
  });
