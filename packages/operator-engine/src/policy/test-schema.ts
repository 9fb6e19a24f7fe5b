import { RISK_LEVELS } from 'operator-core';
import * as z from 'zod';
import { ACTOR_KINDS } from '../ledger/actor.ts';
import { MODES } from '../ledger/mode.ts';
import { amount, PURPOSES, REVERSIBILITIES, text } from './condition-schema.ts';
import { lazily } from '../lazily.ts';

/** `null`: unknown. */
const knownOrNot = () =>
  z.preprocess((value) => (value === 'unknown' ? null : value), amount().nullable());
const amounts = () => z.record(text(), knownOrNot());
const resources = () => z.array(text()).default([]);

const planSchema = lazily(() =>
  z.strictObject({
    subject: text(),
    action: text(),
    riskLevel: z.enum(RISK_LEVELS),
    reversibility: z.enum(REVERSIBILITIES).default('reversible'),
    requiresApproval: z.boolean().default(false),
    disturbs: resources(),
    shares: resources(),
    impact: amounts().default({}),
    counts: amounts().default({}),
  }),
);

const expectSchema = lazily(() =>
  z.preprocess(
    (value) => (typeof value === 'string' ? { decision: value } : value),
    z.strictObject({
      decision: z.enum(['allow', 'needs_approval', 'deny']),
      count: z.int().min(1).exactOptional(),
      rules: z.array(text()).exactOptional(),
      risk: z.enum(RISK_LEVELS).exactOptional(),
    }),
  ),
);

/** One test case of the policy file. */
export const testSchema = lazily(() =>
  z
    .strictObject({
      name: text(),
      plan: planSchema().optional(),
      planFile: text().optional(),
      requester: z.strictObject({ kind: z.enum(ACTOR_KINDS), name: text() }),
      purpose: z.enum(PURPOSES).default('change'),
      mode: z.enum(MODES).default('autonomous'),
      at: z.iso
        .datetime({ offset: true, error: 'must be a time like 2026-03-29T01:30:00Z' })
        .optional(),
      expect: expectSchema(),
    })
    .refine(({ plan, planFile }) => (plan === undefined) !== (planFile === undefined), {
      message: 'needs either plan or planFile',
    }),
);

/** A test case as the schema gives it. */
export type TestContent = z.infer<ReturnType<typeof testSchema>>;
/** A plan of a test case as the schema gives it. */
export type TestPlanContent = z.infer<ReturnType<typeof planSchema>>;
