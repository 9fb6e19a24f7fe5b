import * as z from 'zod/mini';
import type { RunEvent } from '../events/run-event.ts';
import type { VerifyEvent } from '../verifying/verify-action.ts';
import { actor, approval, auditEntry, decision, lease, runRecord } from './record-schemas.ts';
import {
  facts,
  flag,
  json,
  orNull,
  request,
  sendResult,
  text,
  time,
  verification,
  whole,
} from './schema-parts.ts';

/** Schema of an event of one kind. */
function event<Kind extends string, Shape extends Readonly<Record<string, z.ZodMiniType>>>(
  kind: Kind,
  shape: Shape,
) {
  return z.strictObject({ kind: z.literal(kind), runId: text(), at: time(), ...shape });
}

const looked = () => ({
  verification: orNull(verification()),
  unreadable: orNull(text()),
  elapsedMs: whole(),
  deadlineMs: whole(),
});

const sending = () => ({ index: whole(), request: request() });

/** Schema of the events of a run, but for its end: that is the run itself. */
export const runEvent = (): z.ZodMiniType<Exclude<RunEvent, { kind: 'finished' }>> =>
  z.discriminatedUnion('kind', [
    event('recorded', { created: flag(), run: runRecord() }),
    event('decided', { run: runRecord(), decision: decision() }),
    event('waiting_for_approval', {
      run: runRecord(),
      needed: whole(),
      given: z.array(approval()),
    }),
    event('rechecked', {
      reading: z.enum(['again', 'of_the_plan']),
      bound: facts(),
      moved: z.array(z.strictObject({ fact: text(), before: json(), now: json() })),
    }),
    event('held_by', {
      holders: z.array(
        z.strictObject({
          resource: text(),
          mode: z.enum(['shared', 'exclusive']),
          runId: text(),
          requester: actor(),
          since: time(),
          by: z.enum(['run', 'lease']),
        }),
      ),
    }),
    event('claimed', { run: runRecord(), fence: whole(), lease: orNull(lease()) }),
    event('joined', { run: runRecord() }),
    event('entry', { entry: auditEntry() }),
    event('recovering', { run: runRecord() }),
    event('sending', sending()),
    event('intended', sending()),
    event('sent', { ...sending(), result: sendResult() }),
    event('verifying', looked()),
    event('settling', { verification: verification(), settleMs: whole() }),
    event('condition', {
      text: text(),
      holds: orNull(flag()),
      summary: text(),
      elapsedMs: whole(),
      withinMs: whole(),
    }),
    event('cancelling', { by: actor(), reason: text(), action: orNull(text()) }),
  ]);

/** Schema of one look at an effect without a run. */
export const verifyingEvent = (): z.ZodMiniType<VerifyEvent> =>
  z.strictObject({ kind: z.literal('verifying'), at: time(), ...looked() });
