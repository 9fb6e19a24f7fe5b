import { RISK_LEVELS } from 'operator-core';
import * as z from 'zod/mini';
import { DECISION_KINDS } from '../ledger/approval.ts';
import { MODES } from '../ledger/mode.ts';
import { PURPOSE_KINDS } from '../ledger/run-record.ts';
import type { Explanation } from '../policy/explanation.ts';
import type { PolicyTestReport, PolicyTestResult } from '../policy/policy-test-report.ts';
import { actor, approvalRule, decision } from './record-schemas.ts';
import { anyObject, flag, json, orNull, position, text } from './schema-parts.ts';

const rule = () => ({
  ...position,
  id: text(),
  reason: text(),
  matched: flag(),
  conditions: z.array(anyObject<Explanation['rules'][number]['conditions'][number]>()),
  error: orNull(text()),
});

const explanationMembers = () => ({
  decision: decision(),
  policy: z.strictObject({
    kind: z.enum(['file', 'built_in', 'unreadable']),
    path: orNull(text()),
    version: text(),
  }),
  mode: z.enum(MODES),
  purpose: z.enum(PURPOSE_KINDS),
  byRules: z.enum(DECISION_KINDS),
  risk: z.strictObject({ declared: z.enum(RISK_LEVELS), effective: z.enum(RISK_LEVELS) }),
  rules: z.array(
    z.strictObject({
      ...rule(),
      decision: z.enum(DECISION_KINDS),
      approval: orNull(approvalRule()),
    }),
  ),
  riskRules: z.array(z.strictObject({ ...rule(), raiseTo: z.enum(RISK_LEVELS) })),
  limits: anyObject<Explanation['limits']>(),
});

export const policyTest = (): z.ZodMiniType<PolicyTestResult> =>
  z.strictObject({
    ...position,
    name: text(),
    passed: flag(),
    differences: z.array(
      z.strictObject({
        of: z.enum(['decision', 'count', 'rules', 'risk']),
        expected: json(),
        actual: json(),
      }),
    ),
    error: orNull(text()),
    explanation: orNull(z.strictObject(explanationMembers())),
  });

export const policyTests = (): z.ZodMiniType<PolicyTestReport> =>
  z.strictObject({
    path: text(),
    policyVersion: text(),
    passed: flag(),
    results: z.array(policyTest()),
    untested: z.array(z.strictObject({ ...position, id: text() })),
  });

export const policyExplanation = () =>
  z.strictObject({ requester: actor(), ...explanationMembers() });
