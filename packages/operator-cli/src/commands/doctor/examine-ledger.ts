import { advise, OperatorError } from 'operator-core';
import type { Remedy } from 'operator-core';
import type { Engine, Lease, Ledger } from 'operator-engine';
import { describeClock } from '../../output/clock-view.ts';
import type { Finding } from './finding.ts';
import { isInForce, OPEN_LEASE_STATES } from '../../output/lease-view.ts';
import { formatInstant } from '../../output/ledger-words.ts';

const MEBIBYTE = 1_048_576;
/** Room for the records of some thousand runs. */
const LEAST_FREE_MIB = 100;

type Found = Pick<Finding, 'check' | 'state' | 'message' | 'remedy'>;

/** Options for looking at what the ledger keeps. */
interface Looking {
  /** Subjects that do not answer: their leases are not compared with them. */
  readonly silent: readonly string[];
  readonly signal: AbortSignal;
}

/** Findings of the doctor about policy, ledger, mode, runs and leases. */
export async function examineLedger(engine: Engine, options: Looking): Promise<readonly Finding[]> {
  const found = [
    await examinePolicy(engine),
    ...(await examineOwners(engine)),
    ...(await examineKept(engine, options)),
  ];
  return found.map((finding) => ({ subject: null, ...finding }));
}

async function examinePolicy(engine: Engine): Promise<Found> {
  const check = 'policy';
  const policy = engine.loadPolicy();
  if (policy.kind === 'unreadable') {
    const { message, code } = policy.error;
    const remedy = OperatorError.remedyOf(policy.error);
    const why = advise`Until fixed, nothing is allowed. ${remedy}`;
    return { check, state: 'failed', message: `${code}: ${message}`, remedy: why };
  }
  if (policy.kind === 'built_in') {
    const message =
      'No policy configured: the actions’ own approval settings and the default limits apply.';
    return { check, state: 'ok', message };
  }
  const { rules, tests } = policy.policy;
  const message = `${policy.path} is sound (${rules.length} rules, ${tests.length} tests).`;
  return { check, state: 'ok', message };
}

/** Warns when this process cannot tell the owners of files: then no consent counts, and no run of another user is started. */
async function examineOwners(engine: Engine): Promise<readonly Found[]> {
  const why = await engine.whyOwnersAreUnknown();
  if (why === null) return [];
  const message = `This process cannot prove requesters and approvers: ${why}.`;
  const { operations } = await import('operator-engine');
  const remedy = advise`Approve, and run ${operations.watch}, outside of containers with mapped user ids, where /proc can be read.`;
  return [{ check: 'identity', state: 'warning', message, remedy }];
}

async function examineKept(engine: Engine, options: Looking): Promise<readonly Found[]> {
  const check = 'ledger';
  try {
    // Looking must not make one.
    if (!(await engine.hasLedger()) && (await engine.loss.find()) === null) {
      const location = await engine.ledgerLocation();
      const message = `There is no ledger yet: the first command that needs one creates ${location}.`;
      return [{ check, state: 'ok', message }];
    }
    const ledger = await engine.openLedger();
    return [
      await examineHealth(ledger, options.signal),
      await examineSpace(ledger),
      await examineClock(ledger),
      ...(await examineBinding(ledger)),
      await examineMode(ledger),
      ...(await examineRuns(ledger)),
      // First: an effect that is no longer in the system is not due.
      ...(await examineSights(engine, options)),
      await examineLeases(ledger, await engine.isWatched()),
    ];
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    const { code, message } = error;
    const remedy = OperatorError.remedyOf(error);
    return [{ check, state: 'failed', message: `${code}: ${message}`, remedy }];
  }
}

async function examineHealth(
  { maintenance, location }: Ledger,
  signal: AbortSignal,
): Promise<Found> {
  const check = 'ledger';
  const { isSound, problems, runs, audit } = await maintenance.check({ signal });
  if (isSound) {
    const message = `${location} is sound (${runs} runs, ${audit.entries} entries of audit).`;
    return { check, state: 'ok', message };
  }
  const { operations } = await import('operator-engine');
  const message = `${location} is damaged: ${problems.join(' ')}`;
  const remedy = advise`See ${operations.checkLedger} and ${operations.verifyAudit}; keep a copy before anything else.`;
  return { check, state: 'failed', message, remedy };
}

/** Tests that the ledger can be written now, and that its disk has enough room. */
async function examineSpace({ maintenance, location }: Ledger): Promise<Found> {
  const check = 'ledger';
  try {
    const { freeBytes } = await maintenance.tryWriting();
    if (freeBytes === null) return { check, state: 'ok', message: 'It can be written now.' };
    const free = `${Math.floor(freeBytes / MEBIBYTE)} MiB are free`;
    if (freeBytes >= LEAST_FREE_MIB * MEBIBYTE) {
      return { check, state: 'ok', message: `It can be written now; ${free}.` };
    }
    const remedy = `Make space: \`df -h ${location}\`. Without space no request can be recorded, and none is sent.`;
    return { check, state: 'warning', message: `It can be written now, but only ${free}.`, remedy };
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    const { code, message } = error;
    const remedy = OperatorError.remedyOf(error);
    return { check, state: 'failed', message: `${code}: ${message}`, remedy };
  }
}

async function examineBinding({ policy }: Ledger): Promise<readonly Found[]> {
  try {
    await policy.check();
    return [];
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    const { code, message } = error;
    const remedy = OperatorError.remedyOf(error);
    return [{ check: 'policy', state: 'failed', message: `${code}: ${message}`, remedy }];
  }
}

async function examineClock({ maintenance, leases }: Ledger): Promise<Found> {
  const check = 'clock';
  const clock = await maintenance.clock();
  const message = `The clock of this machine is ${describeClock(clock)}.`;
  const held = (await leases.held()).map(({ runId }) => runId);
  if (!clock.isHeld && clock.unconfirmedMs === 0) return { check, state: 'ok', message };
  const waiting = held.length === 0 ? '' : ` Leases that wait because of it: ${held.join(', ')}.`;
  const { operations } = await import('operator-engine');
  const remedy = advise`Leases, consents, plans and limits use both clocks: a lease ends when both are past its end. If the clock is right now: ${operations.acceptTime}.${waiting}`;
  return { check, state: 'warning', message, remedy };
}

async function examineMode({ mode }: Ledger): Promise<Found> {
  const check = 'mode';
  const { operations } = await import('operator-engine');
  const { mode: now, stop } = await mode.get();
  if (stop !== null) {
    const message = `${stop.by.name} has stopped everything since ${formatInstant(stop.since)}: ${stop.reason}`;
    const remedy = advise`Nothing runs and no lease is ended until ${operations.resume}.`;
    return { check, state: 'warning', message, remedy };
  }
  if (now !== 'observe') return { check, state: 'ok', message: `It is ${now}.` };
  const remedy = advise`To allow runs: ${{ ...operations.setMode, mode: 'guarded' }}.`;
  return { check, state: 'warning', message: 'It is observe: nothing runs.', remedy };
}

async function examineRuns({ runs, approvals }: Ledger): Promise<readonly Found[]> {
  const { operations } = await import('operator-engine');
  const abandoned = (await runs.abandoned()).map(({ id }) => id);
  const waiting = (await approvals.pending()).map(({ run }) => run.id);
  const unknown = (await runs.list({ states: ['unknown'] })).map(({ id }) => id);
  const found: Found[] = [];
  const add = (ids: readonly string[], what: string, remedy: Remedy): void => {
    if (ids.length === 0) return;
    found.push({ check: 'runs', state: 'warning', message: `${what}: ${ids.join(', ')}.`, remedy });
  };
  add(abandoned, 'Without a living runner', advise`${operations.recoverRuns} reads their results.`);
  add(unknown, 'Of unknown outcome', advise`${operations.recoverRuns} looks again.`);
  add(waiting, 'Waiting for approval', advise`${operations.listApprovals} shows them.`);
  if (found.length > 0) return found;
  return [{ check: 'runs', state: 'ok', message: 'None waits, none is without a living runner.' }];
}

/** Compares leases with the system: finds those whose effect is gone or could not be read. */
async function examineSights(
  engine: Engine,
  { silent, signal }: Looking,
): Promise<readonly Found[]> {
  const open = await engine.leases.list({ states: OPEN_LEASE_STATES });
  const subjects = [...new Set(open.map(({ subject }) => subject))];
  const found = await Promise.all(
    subjects.map(async (subject) =>
      silent.includes(subject)
        ? [notCompared(subject, open)]
        : examineSightsOf(engine, { subject, signal }),
    ),
  );
  return found.flat();
}

async function examineSightsOf(
  engine: Engine,
  { subject, signal }: { subject: string; signal: AbortSignal },
): Promise<readonly Found[]> {
  const sights = await engine.leases.look({ states: OPEN_LEASE_STATES, subject }, { signal });
  const { operations } = await import('operator-engine');
  const remedy = advise`See ${operations.listLeases}.`;
  return sights
    .filter(({ seen }) => seen === 'gone' || seen === 'unknown')
    .map(({ lease: { runId, effect, resource }, summary }) => {
      const message = `${effect} on ${resource} (${runId}): ${summary}`;
      return { check: 'leases', state: 'warning', message, remedy };
    });
}

function notCompared(subject: string, open: readonly Lease[]): Found {
  const runs = open.filter((lease) => lease.subject === subject).map(({ runId }) => runId);
  const message = `Not compared with ${subject}, which does not answer: ${runs.join(', ')}.`;
  return {
    check: 'leases',
    state: 'warning',
    message,
    remedy: 'Repair the connection to the subject first.',
  };
}

async function examineLeases({ leases }: Ledger, isEnded: boolean): Promise<Found> {
  const check = 'leases';
  const open = await leases.list({ states: OPEN_LEASE_STATES });
  const ending = open.filter(({ endsAt }) => endsAt !== null).map(({ runId }) => runId);
  const due = (await leases.due()).map(({ runId }) => runId);
  const { operations } = await import('operator-engine');
  const remedy = advise`Start ${operations.watch}, or end them: ${operations.endLease(null)}.`;
  if (due.length > 0) {
    const who = isEnded ? '' : ' No `operator watch` is running.';
    const message = `Due, and still in force: ${due.join(', ')}.${who}`;
    return { check, state: 'failed', message, remedy };
  }
  if (ending.length > 0 && !isEnded) {
    const message = `No \`operator watch\` is running to end ${ending.join(', ')}.`;
    return { check, state: 'warning', message, remedy };
  }
  return { check, state: 'ok', message: `${open.filter(isInForce).length} in force, none is due.` };
}
