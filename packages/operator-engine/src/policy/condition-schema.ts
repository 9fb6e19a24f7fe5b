import { RISK_LEVELS } from 'operator-core';
import * as z from 'zod';
import { ACTOR_KINDS } from '../ledger/actor.ts';
import { isTimeZone, parseSize, parseTimeOfDay } from './amounts.ts';
import { WEEKDAYS } from './rule-conditions.ts';
import type { AmountRange } from './rule-conditions.ts';
import { lazily } from '../lazily.ts';

/** Why a run was made, as a policy writes it. */
export const PURPOSES = ['change', 'undo', 'lease_end', 'cancel'] as const;
/** Whether it can be taken back, as a policy writes it. */
export const REVERSIBILITIES = ['reversible', 'irreversible'] as const;

// Functions, because most commands never read a policy, and making a schema takes time at every start.

/** A text that says something. */
export const text = () => z.string().min(1, 'must not be empty');

/** A number, or a size like `10 GiB`. */
export const amount = () =>
  z.preprocess(
    (value) => (typeof value === 'string' ? (parseSize(value) ?? value) : value),
    z.number('must be a number or a size like 10 GiB').nonnegative(),
  );

/** One value or a list of them. */
function oneOrMore<Schema extends z.ZodType>(schema: Schema) {
  const list = z.array(schema).min(1, 'must name at least one');
  return z.preprocess((value) => (Array.isArray(value) ? value : [value]), list);
}

/** A text that `parse` understands; where it does not, `rule` says what it must be. */
export function parsedText(parse: (value: string) => number | null, rule: string) {
  return z.string(rule).transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: rule });
    return z.NEVER;
  });
}

const timeOfDay = () => parsedText(parseTimeOfDay, 'must be a time of day like 08:30');

const timeWindow = lazily(() =>
  z
    .strictObject({
      zone: text().refine(isTimeZone, 'must be a time zone like Europe/Berlin'),
      days: oneOrMore(z.enum(WEEKDAYS)).default([...WEEKDAYS]),
      from: timeOfDay()
        .refine((minute) => minute < 1440, 'must be before 24:00')
        .default(0),
      to: timeOfDay().default(1440),
    })
    .refine(({ from, to }) => from !== to, { message: 'begins when it ends', path: ['to'] }),
);

const amountRange = lazily(() =>
  z
    .strictObject({ atLeast: amount().optional(), atMost: amount().optional() })
    .transform(({ atLeast, atMost }): AmountRange => {
      return { atLeast: atLeast ?? null, atMost: atMost ?? null };
    })
    .refine(({ atLeast, atMost }) => atLeast !== null || atMost !== null, 'needs atLeast or atMost')
    .refine(({ atLeast, atMost }) => (atLeast ?? 0) <= (atMost ?? Infinity), {
      message: 'must not be below atLeast',
      path: ['atMost'],
    }),
);

const always = lazily(() => ({
  subject: oneOrMore(text()).exactOptional(),
  action: oneOrMore(text()).exactOptional(),
  reversibility: oneOrMore(z.enum(REVERSIBILITIES)).exactOptional(),
  requesterKind: oneOrMore(z.enum(ACTOR_KINDS)).exactOptional(),
  requesterName: oneOrMore(text()).exactOptional(),
  resource: oneOrMore(text()).exactOptional(),
  during: oneOrMore(timeWindow()).exactOptional(),
  outside: oneOrMore(timeWindow()).exactOptional(),
  impact: z.record(text(), amountRange()).exactOptional(),
}));

/** `when` of a rule. */
export const conditionsSchema = lazily(() =>
  z.strictObject({
    ...always(),
    risk: oneOrMore(z.enum(RISK_LEVELS)).exactOptional(),
    purpose: oneOrMore(z.enum(PURPOSES)).default(['change', 'undo']),
  }),
);

/** `when` of a rule about risk: of every purpose, and never by the risk that it decides. */
export const riskConditionsSchema = lazily(() =>
  z.strictObject({
    ...always(),
    purpose: oneOrMore(z.enum(PURPOSES)).exactOptional(),
  }),
);
