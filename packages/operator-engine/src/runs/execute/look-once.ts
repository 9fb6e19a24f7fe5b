import type { Verification } from 'operator-core';
import { capturedOf } from '../../planning/captures.ts';
import { createLooker } from '../../verifying/look.ts';
import { isAnswerLost } from './conclude-sending.ts';
import type { OwnedRun, SentAt } from './owned-run.ts';

/** Looks once at the effect of an owned run; `null` when it could not be read. */
export async function lookOnce(owned: OwnedRun, sent: SentAt): Promise<Verification | null> {
  const { context, call, plan, journal } = owned;
  const connection = await context.connect(undefined);
  const answerLost = isAnswerLost(journal.results);
  const captured = capturedOf(journal.results);
  const options = { captured, connection, plan, sentAt: sent.at, answerLost, signal: undefined };
  const { verification } = await createLooker(context, call, options)();
  return verification;
}
