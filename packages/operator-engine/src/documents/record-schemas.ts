import { RISK_LEVELS } from 'operator-core';
import type { Diagnosis } from 'operator-core';
import * as z from 'zod/mini';
import { ACTOR_KINDS } from '../ledger/actor.ts';
import type { Actor } from '../ledger/actor.ts';
import { DECISION_KINDS } from '../ledger/approval.ts';
import type { Approval, ApprovalRule, Decision } from '../ledger/approval.ts';
import { AUDIT_KINDS } from '../ledger/audit-log.ts';
import type { AuditEntry } from '../ledger/audit-log.ts';
import { LEASE_TRANSITIONS } from '../ledger/lease.ts';
import type { Lease, LeaseState } from '../ledger/lease.ts';
import { MODES } from '../ledger/mode.ts';
import type { ModeStatus } from '../ledger/mode.ts';
import type { RunCondition } from '../ledger/run-condition.ts';
import type { JournaledRequest, RunDetails, RunRecord } from '../ledger/run-record.ts';
import { RUN_STATES } from '../ledger/run-state.ts';
import type { LeaseContent, RunContent } from './contents.ts';
import {
  anyObject,
  error,
  flag,
  next,
  orNull,
  plan,
  planSubject,
  refusal,
  remedy,
  request,
  sendResult,
  system,
  text,
  texts,
  time,
  verification,
  whole,
} from './schema-parts.ts';

export const actor = (): z.ZodMiniType<Actor> =>
  z.strictObject({
    kind: z.enum(ACTOR_KINDS),
    name: text(),
    onBehalfOf: z.exactOptional(text()),
  });

export const approvalRule = (): z.ZodMiniType<ApprovalRule> =>
  z.strictObject({ count: whole(), from: orNull(texts()), requesterMayApprove: flag() });

export const decision = (): z.ZodMiniType<Decision> =>
  z.strictObject({
    kind: z.enum(DECISION_KINDS),
    reasons: texts(),
    policyVersion: text(),
    approval: z.exactOptional(approvalRule()),
    details: z.exactOptional(anyObject()),
  });

export const approval = (): z.ZodMiniType<Approval> =>
  z.strictObject({
    approver: actor(),
    policyVersion: text(),
    givenAt: time(),
    expiresAt: time(),
    consumedAt: orNull(time()),
    comment: orNull(text()),
    unproven: orNull(text()),
  });

const reading = () => z.strictObject({ holds: orNull(flag()), summary: text() });

const condition = (): z.ZodMiniType<RunCondition> =>
  z.strictObject({
    text: text(),
    withinMs: whole(),
    before: reading(),
    after: orNull(reading()),
  });

const purpose = () =>
  z.union([
    z.strictObject({ kind: z.literal('change') }),
    z.strictObject({ kind: z.enum(['undo', 'lease_end', 'cancel']), of: text() }),
  ]);

const runMembers = () => ({
  id: text(),
  sequence: whole(),
  state: z.enum(RUN_STATES),
  reason: orNull(text()),
  digest: text(),
  subject: text(),
  plugin: text(),
  system: system(),
  action: text(),
  riskLevel: z.enum(RISK_LEVELS),
  summary: text(),
  purpose: purpose(),
  requester: actor(),
  decision: orNull(decision()),
  createdAt: time(),
  expiresAt: time(),
  startedAt: orNull(time()),
  endedAt: orNull(time()),
  leaseMs: orNull(whole()),
  owner: orNull(text()),
  fence: whole(),
  cancel: orNull(z.strictObject({ by: actor(), reason: text(), at: time() })),
  condition: orNull(condition()),
});

export const runRecord = (): z.ZodMiniType<RunRecord> => z.strictObject(runMembers());

const leaseState = () => z.enum(Object.keys(LEASE_TRANSITIONS) as LeaseState[]);

const leaseMembers = () => ({
  runId: text(),
  state: leaseState(),
  reason: orNull(text()),
  subject: text(),
  system: system(),
  effect: text(),
  resource: text(),
  owner: actor(),
  createdAt: time(),
  endsAt: orNull(time()),
  endedAt: orNull(time()),
  endingBy: orNull(text()),
});

export const lease = (): z.ZodMiniType<Lease> => z.strictObject(leaseMembers());

export const seenLease = (): z.ZodMiniType<LeaseContent> =>
  z.strictObject({
    ...leaseMembers(),
    seen: z.exactOptional(z.enum(['in_force', 'gone', 'unknown', 'over'])),
    sight: z.exactOptional(text()),
    remedy: z.exactOptional(orNull(remedy())),
    next: z.exactOptional(next()),
  });

export const journaledRequest = (): z.ZodMiniType<JournaledRequest> =>
  z.strictObject({
    index: whole(),
    request: request(),
    intendedAt: time(),
    settledAt: orNull(time()),
    result: orNull(sendResult()),
  });

export const auditEntry = (): z.ZodMiniType<AuditEntry> =>
  z.strictObject({
    sequence: whole(),
    chain: text(),
    place: whole(),
    at: time(),
    actor: actor(),
    kind: z.enum(AUDIT_KINDS),
    runId: orNull(text()),
    digest: orNull(text()),
    reason: orNull(text()),
    details: anyObject(),
    rows: orNull(text()),
    ledger: orNull(text()),
    fence: orNull(whole()),
    heads: orNull(z.record(text(), z.strictObject({ place: whole(), hash: text() }))),
    hash: text(),
    previous: text(),
  });

export const runDetails = (): z.ZodMiniType<
  RunDetails & { readonly events: readonly AuditEntry[] }
> =>
  z.strictObject({
    ...runMembers(),
    plan: plan(),
    requests: z.array(journaledRequest()),
    approvals: z.array(approval()),
    lease: orNull(lease()),
    detail: anyObject(),
    events: z.array(auditEntry()),
  });

export const modeStatus = (): z.ZodMiniType<ModeStatus> =>
  z.strictObject({
    mode: z.enum(MODES),
    by: orNull(actor()),
    reason: orNull(text()),
    since: time(),
    stop: orNull(
      z.strictObject({ by: actor(), reason: text(), since: time(), allowsCancels: flag() }),
    ),
  });

const runContentMembers = () => ({
  subject: planSubject(),
  action: text(),
  parameters: anyObject(),
  runId: text(),
  state: z.enum(RUN_STATES),
  summary: text(),
  plan: plan(),
  requests: z.array(z.strictObject({ request: request(), result: orNull(sendResult()) })),
  answerLost: flag(),
  verification: orNull(verification()),
  refusal: orNull(refusal()),
  sentAt: orNull(time()),
  endedAt: time(),
  elapsedMs: whole(),
  lease: orNull(lease()),
  condition: orNull(condition()),
  error: orNull(error()),
  next: next(),
  /** The command line of `next`, where a command line gives the document out. */
  nextCommand: z.exactOptional(orNull(text())),
});

export const runContent = (): z.ZodMiniType<RunContent> => z.strictObject(runContentMembers());

export const runPart = () =>
  z.strictObject({ format: z.literal('operator.run/1'), ...runContentMembers() });

export const finding = (): z.ZodMiniType<Diagnosis & { readonly subject: string | null }> =>
  z.strictObject({
    subject: orNull(text()),
    check: text(),
    state: z.enum(['ok', 'warning', 'failed', 'unknown']),
    message: text(),
    remedy: z.exactOptional(remedy()),
    next: z.exactOptional(next()),
    isUnreachable: z.exactOptional(z.literal(true)),
  });
