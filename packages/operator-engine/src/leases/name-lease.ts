import { advise, OperatorError, unknownBecause } from 'operator-core';
import type { JsonObject, StandingEffect, SystemIdentity, Remedy } from 'operator-core';
import type { GateContext } from '../subject/gate-context.ts';
import { operations } from '../errors/operations.ts';
import type { PlanningResult } from '../planning/planning-result.ts';
import { isClosed } from '../ledger/lease.ts';
import type { Lease } from '../ledger/lease.ts';

type Refused = Extract<PlanningResult, { kind: 'refused' }>;

/** Lease of a standing effect, as a sentence and as facts. */
interface LeaseMention {
  readonly sentence: string;
  readonly facts: JsonObject;
  readonly remedy: Remedy | null;
}

/**
 * Adds the lease of a standing effect to the refusal that names the effect: its run, owner and end. Reads the
 * ledger only. Never rejects.
 */
export async function nameLease(context: GateContext, planned: Refused): Promise<Refused> {
  const { standingEffect, refusal, subject } = planned;
  if (standingEffect === undefined) return planned;
  const { sentence, facts, remedy } = await findNamed(context, standingEffect, subject.system);
  return {
    ...planned,
    refusal: {
      ...refusal,
      message: `${refusal.message} ${sentence}`,
      facts: { ...refusal.facts, ...facts },
      remedy: remedy === null ? refusal.remedy : advise`${refusal.remedy} ${remedy}`,
    },
  };
}

async function findNamed(
  context: GateContext,
  effect: StandingEffect,
  system: SystemIdentity,
): Promise<LeaseMention> {
  try {
    const lease = await findLease(context, effect, system);
    return lease === null ? NO_LEASE : describe(lease);
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    const reason = error.message;
    const sentence = `It is unknown if it is a lease of this ledger: ${reason}`;
    return { sentence, facts: { lease: { ...unknownBecause(reason) } }, remedy: null };
  }
}

/** The open lease of the effect; else its last one; `null` when there was none. */
async function findLease(
  { services, subjectName }: GateContext,
  { name, resource }: StandingEffect,
  { kind, id }: SystemIdentity,
): Promise<Lease | null> {
  if (!(await services.hasLedger())) return null;
  const { leases } = await services.openLedger();
  const all = await leases.list({ subject: subjectName });
  const same = all.filter(
    (lease) =>
      lease.effect === name &&
      lease.resource === resource &&
      lease.system.kind === kind &&
      lease.system.id === id,
  );
  return same.find(({ state }) => !isClosed(state)) ?? same[0] ?? null;
}

const NO_LEASE: LeaseMention = {
  sentence: 'It is not a lease of this ledger: another tool made it.',
  facts: { lease: null },
  remedy: null,
};

function describe(lease: Lease): LeaseMention {
  const { runId, state, owner, endsAt } = lease;
  const facts = { lease: { runId, state, owner: { ...owner }, endsAt } };
  if (isClosed(state)) {
    const sentence = `It is not a lease of this ledger: the last one, of run ${runId}, is ${state}.`;
    return { sentence, facts, remedy: null };
  }
  const until = endsAt === null ? 'without an end' : `until ${endsAt}`;
  return {
    sentence: `It is the lease of run ${runId} for ${owner.name}, ${state}, ${until}.`,
    facts,
    remedy: advise`To end or to extend the lease: ${operations.endLease(runId)}, ${operations.extendLease(runId)}`,
  };
}
