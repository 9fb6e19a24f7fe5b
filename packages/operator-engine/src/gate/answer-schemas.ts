import { isJsonObject, isJsonValue } from 'operator-core';
import type { Diagnosis, Inverse, JsonObject, SendResult, SystemIdentity } from 'operator-core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';

const text = z.string().min(1);
const status = z.int().min(100).max(599);
const jsonObject = z.custom<JsonObject>((value) => isJsonObject(value) && isJsonValue(value));

/** What `identify` must answer. */
export const systemIdentitySchema = lazily((): z.ZodType<SystemIdentity> =>
  z.strictObject({
    kind: text,
    id: text,
    version: text.exactOptional(),
  }),
);

/** What `send` must answer. */
export const sendResultSchema = lazily((): z.ZodType<SendResult> =>
  z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('accepted'), status, answer: z.string() }),
    z.strictObject({
      outcome: z.literal('refused'),
      status,
      answer: z.string(),
      refusal: z
        .strictObject({ code: text, message: text, facts: jsonObject, remedy: text })
        .exactOptional(),
    }),
    z.strictObject({ outcome: z.enum(['not_sent', 'unknown']), reason: z.string() }),
  ]),
);

/** What `diagnose` must answer. */
export const diagnosesSchema = lazily((): z.ZodType<readonly Diagnosis[]> =>
  z.array(
    z.strictObject({
      check: text,
      state: z.enum(['ok', 'warning', 'failed', 'unknown']),
      message: text,
      remedy: text.exactOptional(),
    }),
  ),
);

/** What `cancel` must answer. */
export const inverseSchema = lazily((): z.ZodType<Inverse> =>
  z.union([
    z.strictObject({ action: text, parameters: jsonObject }),
    z.strictObject({ none: text }),
  ]),
);
