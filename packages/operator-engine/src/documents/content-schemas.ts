import { auditVerification } from './audit-schemas.ts';
import * as z from 'zod/mini';
import { RUN_STATES } from '../ledger/run-state.ts';
import { WATCH_EVENT_KINDS } from '../runner/watch-event.ts';
import type { DocumentContents, DocumentFormat } from './contents.ts';
import { runEvent, verifyingEvent } from './event-schemas.ts';
import { policyExplanation, policyTest, policyTests } from './policy-schemas.ts';
import * as part from './record-schemas.ts';
import * as base from './schema-parts.ts';

const { text, texts, flag, whole, time, orNull, json, anyObject } = base;

type ContentSchemas = {
  readonly [Format in DocumentFormat]: () => z.ZodMiniType<DocumentContents[Format]>;
};

const recoveredRun = () =>
  z.strictObject({
    runId: text(),
    before: z.enum(RUN_STATES),
    state: z.enum(RUN_STATES),
    summary: text(),
    error: orNull(base.error()),
  });

const progress = () => ({
  run: part.runRecord(),
  given: z.array(part.approval()),
  needed: whole(),
});
const pending = () => z.strictObject({ ...progress(), plan: base.plan() });

const cancellation = () =>
  z.strictObject({
    outcome: z.enum(['cancelled', 'too_late', 'requested']),
    run: part.runRecord(),
    summary: text(),
  });

const clock = () => ({
  at: time(),
  machine: time(),
  aheadMs: whole(),
  isHeld: flag(),
  unconfirmedMs: whole(),
});

const subject = () =>
  z.strictObject({
    ...base.position,
    name: text(),
    plugin: text(),
    issues: z.array(z.strictObject({ ...base.position, path: text(), message: text() })),
    isDefault: flag(),
  });

/** Schema of the content of each document. Functions: making a schema takes time at every start. */
export const CONTENT_SCHEMAS: ContentSchemas = {
  'operator.error/1': () => z.strictObject({ error: base.error() }),
  'operator.plan/1': base.planContent,
  'operator.nothing_to_do/1': () =>
    z.strictObject({
      subject: base.planSubject(),
      action: text(),
      parameters: anyObject(),
      state: z.literal('nothing_to_do'),
      summary: text(),
      facts: anyObject(),
    }),
  'operator.plan_changes/1': () =>
    z.strictObject({
      before: text(),
      now: text(),
      changes: z.array(
        z.strictObject({
          what: z.enum([
            'summary',
            'fact',
            'effect',
            'request',
            'resource',
            'impact',
            'risk',
            'warning',
            'inverse',
            'context',
          ]),
          name: text(),
          before: z.exactOptional(json()),
          now: z.exactOptional(json()),
        }),
      ),
    }),
  'operator.run/1': part.runContent,
  'operator.run_event/1': runEvent,
  'operator.verification/1': () =>
    z.strictObject({
      subject: text(),
      action: text(),
      parameters: anyObject(),
      state: z.enum(['succeeded', 'ineffective', 'unknown', 'interrupted']),
      summary: text(),
      verification: orNull(base.verification()),
      elapsedMs: whole(),
      error: orNull(base.error()),
    }),
  'operator.verify_event/1': verifyingEvent,
  'operator.observation/1': () =>
    z.strictObject({
      subject: text(),
      observation: text(),
      parameters: anyObject(),
      readAt: time(),
      value: json(),
    }),
  'operator.observation_row/1': () => z.strictObject({ observation: text(), row: json() }),
  'operator.run_record/1': part.runRecord,
  'operator.runs/1': () => z.strictObject({ runs: z.array(part.runRecord()) }),
  'operator.run_details/1': part.runDetails,
  'operator.recovered_run/1': recoveredRun,
  'operator.recovery/1': () =>
    z.strictObject({ runs: z.array(recoveredRun()), waiting: z.array(part.runRecord()) }),
  'operator.cancellation/1': cancellation,
  'operator.pending_approval/1': pending,
  'operator.approvals/1': () => z.strictObject({ approvals: z.array(pending()) }),
  'operator.approval/1': () =>
    z.strictObject({
      ...progress(),
      goesOn: z.enum(['not_yet', 'watch', 'here']),
      result: orNull(part.runPart()),
    }),
  'operator.rejection/1': () => z.strictObject({ run: part.runRecord(), plan: base.plan() }),
  'operator.lease/1': part.seenLease,
  'operator.leases/1': () =>
    z.strictObject({ leases: z.array(part.seenLease()), isWatched: flag() }),
  'operator.lease_end/1': () =>
    z.strictObject({
      outcome: z.enum(['ended', 'lost', 'superseded', 'already_closed', 'owned']),
      lease: part.lease(),
      summary: text(),
      run: orNull(part.runPart()),
    }),
  'operator.trust/1': () => z.strictObject({ path: orNull(text()), paths: texts() }),
  'operator.mode/1': part.modeStatus,
  'operator.stop/1': () =>
    z.strictObject({
      config: text(),
      ledger: text(),
      subjects: texts(),
      status: part.modeStatus(),
      cancelled: z.array(cancellation()),
      underWay: z.array(part.runRecord()),
      leases: z.array(part.lease()),
    }),
  'operator.watch_event/1': () =>
    z.strictObject({
      kind: z.enum(WATCH_EVENT_KINDS),
      at: time(),
      runId: orNull(text()),
      message: text(),
      details: anyObject(),
      remedy: orNull(base.remedy()),
      next: z.exactOptional(base.next()),
    }),
  'operator.watch/1': () =>
    z.strictObject({ startedAt: time(), endedAt: time(), events: z.record(text(), whole()) }),
  'operator.policy_tests/1': policyTests,
  'operator.policy_test/1': policyTest,
  'operator.policy_explanation/1': policyExplanation,
  'operator.policy_binding/1': () =>
    z.strictObject({
      path: orNull(text()),
      owner: orNull(whole()),
      by: part.actor(),
      since: time(),
    }),
  'operator.audit_entry/1': part.auditEntry,
  'operator.audit/1': () => z.strictObject({ entries: z.array(part.auditEntry()) }),
  'operator.audit_explanation/1': () =>
    z.strictObject({
      run: part.runRecord(),
      decision: orNull(part.decision()),
      evidence: z.strictObject({ bound: base.facts(), shown: base.facts() }),
      approvals: z.array(part.approval()),
      requests: z.array(part.journaledRequest()),
      lease: orNull(part.lease()),
      seen: json(),
      entries: z.array(part.auditEntry()),
    }),
  'operator.audit_verification/1': auditVerification,
  'operator.audit_anchor/1': () => z.strictObject({ anchor: text() }),
  'operator.ledger_check/1': () =>
    z.strictObject({
      location: text(),
      isSound: flag(),
      problems: texts(),
      schema: whole(),
      runs: whole(),
      bytes: whole(),
      clock: z.strictObject(clock()),
      audit: auditVerification(),
    }),
  'operator.ledger_backup/1': () => z.strictObject({ path: text(), bytes: whole() }),
  'operator.ledger_prune/1': () =>
    z.strictObject({ runs: whole(), entries: whole(), through: whole() }),
  'operator.ledger_clock/1': () => z.strictObject(clock()),
  'operator.ledger_rollback/1': () => z.strictObject({ through: whole(), head: whole() }),
  'operator.subject/1': subject,
  'operator.subjects/1': () => z.strictObject({ configPath: text(), subjects: z.array(subject()) }),
  'operator.action/1': base.action,
  'operator.actions/1': () => z.strictObject({ subject: text(), actions: z.array(base.action()) }),
  'operator.observation_definition/1': base.observation,
  'operator.observations/1': () =>
    z.strictObject({ subject: text(), observations: z.array(base.observation()) }),
  'operator.finding/1': part.finding,
  'operator.doctor/1': () => z.strictObject({ ok: flag(), findings: z.array(part.finding()) }),
  'operator.init/1': () => z.strictObject({ path: text(), subject: text(), plugin: text() }),
  'operator.version/1': () => z.strictObject({ version: text() }),
  'operator.help/1': () => z.strictObject({ text: text() }),
};
