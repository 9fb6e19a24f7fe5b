import type { Verification } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import type { RunRecord } from '../../ledger/run-record.ts';
import { isAnswerLost, sendingFacts } from './conclude-sending.ts';
import type { Conclusion } from './conclude-sending.ts';
import type { OwnedRun, SentAt } from './owned-run.ts';
import { verificationDocument } from './stored-outcome.ts';

/** An effect that was seen, and the state of its run before. */
export interface SeenEffect {
  readonly sent: SentAt;
  readonly verification: Verification;
}

/**
 * Compares an effect with everything else that may have caused it. `null`: the run caused it. Else the run
 * stays `unknown` permanently: a run must not claim the work of another.
 */
export async function judgeCause(owned: OwnedRun, reached: SeenEffect): Promise<Conclusion | null> {
  const { verification } = reached;
  if (verification.cause === 'this_run') return null;
  const doubt =
    verification.cause === 'another'
      ? 'the system names another cause'
      : ((await doubtByRuns(owned)) ?? doubtByTime(owned, reached));
  return doubt === null ? null : concludeCauseUnknown(owned, verification, doubt);
}

async function doubtByRuns({ ledger, plan, journal }: OwnedRun): Promise<string | null> {
  const named = plan.effects.map(({ resource }) => resource);
  const claimed = plan.resources.map(({ resource }) => resource);
  const resources = named.length === 0 ? claimed : named;
  const [other] = await ledger.runs.laterOn(journal.runId, resources);
  return other === undefined ? null : describeRun(other);
}

function describeRun({ id, requester, summary }: RunRecord): string {
  return `run ${id} of ${requester.name} changed the same after it (${summary.replace(/\.$/u, '')})`;
}

/** The system certainly works on an accepted request; it may work on a lost one until the deadline only. */
function doubtByTime(
  { journal, plan, ledger, context }: OwnedRun,
  { sent }: SeenEffect,
): string | null {
  if (!isAnswerLost(journal.results)) return null;
  const elapsedMs = context.services.clock.now() - sent.at;
  // The death of an owner is noticed after a while; until then its locks keep other runs away.
  const noticedMs = journal.state === 'unknown' ? 0 : 2 * ledger.limits.ownerTtlMs;
  if (elapsedMs <= plan.deadlineMs + noticedMs) return null;
  return `no answer had come, and it was first seen ${Math.round(elapsedMs / 1000)} s after sending, when its time was over`;
}

function concludeCauseUnknown(
  { plan, journal }: OwnedRun,
  seen: Verification,
  doubt: string,
): Conclusion {
  const summary = `The effect is there, but its cause is unknown: ${doubt}. ${seen.summary}`;
  const error = createEngineError('CAUSE_UNKNOWN', {
    message: summary,
    remedy: 'Check the system; to change it, plan a new change.',
    facts: {
      runId: journal.runId,
      ...sendingFacts(plan, journal.results),
      lastSeen: verificationDocument(seen),
    },
  });
  return { state: 'unknown', summary, error, isSettled: true };
}
