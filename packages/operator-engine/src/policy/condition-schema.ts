import { RISK_LEVELS } from 'operator-core';
import * as z from 'zod/mini';
import { ACTOR_KINDS } from '../ledger/actor.ts';
import { PURPOSE_KINDS } from '../ledger/run-record.ts';
import { isTimeZone, parseSize, parseTimeOfDay } from './amounts.ts';
import { GUARDS, REVERSIBILITIES, WEEKDAYS } from './rule-conditions.ts';
import type { AmountRange } from './rule-conditions.ts';
import { lazily } from '../base/lazily.ts';

// These are functions because most commands never read a policy, and making a schema takes time at every start.

/** A text that is not empty. */
export const text = () => z.string().check(z.minLength(1, 'must not be empty'));

/** A number, or a size like `10 GiB`. */
export const amount = () =>
  z.pipe(
    z.transform((value) => (typeof value === 'string' ? (parseSize(value) ?? value) : value)),
    z.number('must be a number or a size like 10 GiB').check(z.nonnegative()),
  );

/** One value or a list of them. */
function oneOrMore<Schema extends z.ZodMiniType>(schema: Schema) {
  const list = z.array(schema).check(z.minLength(1, 'must name at least one'));
  return z.pipe(
    z.transform((value) => (Array.isArray(value) ? value : [value])),
    list,
  );
}

/** A text that `parse` accepts; for any other, `rule` gives the expected form. */
export function parsedText(parse: (value: string) => number | null, rule: string) {
  const parsed = z.transform((value: string, context) => {
    const meant = parse(value);
    if (meant !== null) return meant;
    context.issues.push({ code: 'custom', message: rule, input: value });
    return z.NEVER;
  });
  return z.pipe(z.string(rule), parsed);
}

const timeOfDay = () => parsedText(parseTimeOfDay, 'must be a time of day like 08:30');

const timeWindow = lazily(() =>
  z
    .strictObject({
      zone: text().check(z.refine(isTimeZone, 'must be a time zone like Europe/Berlin')),
      days: z._default(oneOrMore(z.enum(WEEKDAYS)), [...WEEKDAYS]),
      from: z._default(
        timeOfDay().check(z.refine((minute) => minute < 1440, 'must be before 24:00')),
        0,
      ),
      to: z._default(timeOfDay(), 1440),
    })
    .check(
      z.refine(({ from, to }) => from !== to, { message: 'begins when it ends', path: ['to'] }),
    ),
);

const amountRange = lazily(() =>
  z
    .pipe(
      z.strictObject({ atLeast: z.optional(amount()), atMost: z.optional(amount()) }),
      z.transform(({ atLeast, atMost }): AmountRange => {
        return { atLeast: atLeast ?? null, atMost: atMost ?? null };
      }),
    )
    .check(
      z.refine(
        ({ atLeast, atMost }) => atLeast !== null || atMost !== null,
        'needs atLeast or atMost',
      ),
      z.refine(({ atLeast, atMost }) => (atLeast ?? 0) <= (atMost ?? Infinity), {
        message: 'must not be below atLeast',
        path: ['atMost'],
      }),
    ),
);

const always = lazily(() => ({
  subject: z.exactOptional(oneOrMore(text())),
  action: z.exactOptional(oneOrMore(text())),
  reversibility: z.exactOptional(oneOrMore(z.enum(REVERSIBILITIES))),
  guard: z.exactOptional(oneOrMore(z.enum(GUARDS))),
  requesterKind: z.exactOptional(oneOrMore(z.enum(ACTOR_KINDS))),
  requesterName: z.exactOptional(oneOrMore(text())),
  resource: z.exactOptional(oneOrMore(text())),
  during: z.exactOptional(oneOrMore(timeWindow())),
  outside: z.exactOptional(oneOrMore(timeWindow())),
  impact: z.exactOptional(z.record(text(), amountRange())),
}));

/** `when` of a rule. */
export const conditionsSchema = lazily(() =>
  z.strictObject({
    ...always(),
    risk: z.exactOptional(oneOrMore(z.enum(RISK_LEVELS))),
    purpose: z._default(oneOrMore(z.enum(PURPOSE_KINDS)), ['change', 'undo']),
  }),
);

/**
 * `when` of a rule about risk: for every purpose, and without a condition on risk, which the rule itself
 * decides.
 */
export const riskConditionsSchema = lazily(() =>
  z.strictObject({
    ...always(),
    purpose: z.exactOptional(oneOrMore(z.enum(PURPOSE_KINDS))),
  }),
);
