import { createRemedySchema, isJsonObject, isJsonValue } from 'operator-core';
import type { Diagnosis, Inverse, JsonObject, SendResult, SystemIdentity } from 'operator-core';
import * as z from 'zod/mini';
import { lazily } from '../base/lazily.ts';

const text = () => z.string().check(z.minLength(1));
const status = () => z.int().check(z.minimum(100), z.maximum(599));
const jsonObject = () => z.custom<JsonObject>((value) => isJsonObject(value) && isJsonValue(value));

/** Schema of the answer of `identify`. */
export const systemIdentitySchema = lazily((): z.ZodMiniType<SystemIdentity> =>
  z.strictObject({
    kind: text(),
    id: text(),
    version: z.exactOptional(text()),
  }),
);

/** Schema of the answer of `send`. */
export const sendResultSchema = lazily((): z.ZodMiniType<SendResult> =>
  z.discriminatedUnion('outcome', [
    z.strictObject({
      outcome: z.literal('accepted'),
      status: z.exactOptional(status()),
      answer: z.string(),
    }),
    z.strictObject({
      outcome: z.literal('refused'),
      status: z.exactOptional(status()),
      answer: z.string(),
      refusal: z.exactOptional(
        z.strictObject({
          code: text(),
          message: text(),
          facts: jsonObject(),
          remedy: createRemedySchema(),
        }),
      ),
      certain: z.exactOptional(z.literal(true)),
    }),
    z.strictObject({ outcome: z.enum(['not_sent', 'unknown']), reason: z.string() }),
  ]),
);

/** Schema of the answer of `diagnose`. */
export const diagnosesSchema = lazily((): z.ZodMiniType<readonly Diagnosis[]> =>
  z.array(
    z.strictObject({
      check: text(),
      state: z.enum(['ok', 'warning', 'failed', 'unknown']),
      message: text(),
      remedy: z.exactOptional(createRemedySchema()),
      facts: z.exactOptional(jsonObject()),
      isUnreachable: z.exactOptional(z.literal(true)),
    }),
  ),
);

/** Schema of the answer of `cancel`. */
export const inverseSchema = lazily((): z.ZodMiniType<Inverse> =>
  z.union([
    z.strictObject({ action: text(), parameters: jsonObject() }),
    z.strictObject({ none: text() }),
  ]),
);
