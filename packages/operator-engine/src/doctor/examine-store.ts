import { advise } from 'operator-core';
import { operations } from '../errors/operations.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ClockStatus } from '../ledger/maintenance.ts';
import { toFailure } from './finding.ts';
import type { SharedFinding } from './finding.ts';

const MEBIBYTE = 1_048_576;
/** Room for the records of some thousand runs. */
const LEAST_FREE_MIB = 100;

/** Checks the ledger and its audit for damage and edits. */
export async function examineHealth(
  { maintenance, location }: Ledger,
  signal: AbortSignal | undefined,
): Promise<SharedFinding> {
  const check = 'ledger';
  const { isSound, problems, runs, audit } = await maintenance.check(
    signal === undefined ? {} : { signal },
  );
  if (isSound) {
    const message = `${location} is sound (${runs} runs, ${audit.entries} entries of audit).`;
    return { check, state: 'ok', message };
  }
  const message = `${location} is damaged: ${problems.join(' ')}`;
  const remedy = advise`See ${operations.checkLedger} and ${operations.verifyAudit}; keep a copy before anything else.`;
  return { check, state: 'failed', message, remedy };
}

/** Tests that the ledger can be written now, and that its disk has enough room. */
export async function examineSpace({ maintenance, location }: Ledger): Promise<SharedFinding> {
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
    return toFailure(check, error);
  }
}

/** Compares the clock of this machine with the time of the ledger. The readings are facts. */
export async function examineClock({ maintenance, leases }: Ledger): Promise<SharedFinding> {
  const check = 'clock';
  const clock = await maintenance.clock();
  const message = `The clock of this machine is ${describe(clock)}.`;
  if (!clock.isHeld && clock.unconfirmedMs === 0) return { check, state: 'ok', message };
  const held = (await leases.held()).map(({ runId }) => runId);
  const waiting = held.length === 0 ? '' : ` Leases that wait because of it: ${held.join(', ')}.`;
  const remedy = advise`Leases, consents, plans and limits use both clocks: a lease ends when both are past its end. If the clock is right now: ${operations.acceptTime}.${waiting}`;
  return { check, state: 'warning', message, facts: { ...clock }, remedy };
}

function describe({ aheadMs, isHeld, unconfirmedMs }: ClockStatus): string {
  const jumps =
    unconfirmedMs > 0
      ? `; jumped by ${toSeconds(unconfirmedMs)} while the machine was off, not confirmed`
      : '';
  if (!isHeld) return `as the ledger’s${jumps}`;
  const side = aheadMs > 0 ? 'ahead of' : 'behind';
  return `${toSeconds(Math.abs(aheadMs))} ${side} the ledger’s time, which does not follow it${jumps}`;
}

function toSeconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
