import { isOver, isWaiting, RUN_TRANSITIONS } from 'operator-engine';
import type { Decision, Ledger, RunState } from 'operator-engine';
import { digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';

const ADA = { kind: 'person', name: 'ada' } as const;
const BOB = { kind: 'person', name: 'bob' } as const;
const RUNNER = { id: 'walker', actor: ADA, role: 'command' } as const;
const POLICY = 'sha256:walk';
const REASONS = ['walked'];
const ALLOW: Decision = { kind: 'allow', reasons: REASONS, policyVersion: POLICY };
const ASK: Decision = {
  ...ALLOW,
  kind: 'needs_approval',
  approval: { count: 1, from: null, requesterMayApprove: false },
};
/** What the gate writes down with every end. */
const WALKED = { error: { facts: {}, remedy: 'Look at the region.' } };

/** The shortest way through the table that ends with this transition. */
export function pathTo(from: RunState, to: RunState): readonly RunState[] {
  const table: Readonly<Record<RunState, readonly RunState[]>> = RUN_TRANSITIONS;
  const paths: (readonly RunState[])[] = [['planned']];
  for (const path of paths) {
    const last = path.at(-1) ?? 'planned';
    if (last === from) return [...path, to];
    const next = table[last].filter((state) => !paths.some((known) => known.at(-1) === state));
    paths.push(...next.map((state) => [...path, state]));
  }
  throw new Error(`no way leads to ${from}`);
}

/**
 * Takes a run along a path of the table, by the ledger alone: for transitions that the gate itself
 * never makes. Nothing is sent.
 */
export async function walk(
  ledger: Ledger,
  { plan, path }: { readonly plan: Plan; readonly path: readonly RunState[] },
): Promise<void> {
  const needsApproval = path[1] === 'awaiting_approval';
  const { run } = await ledger.runs.create({ plan, requester: ADA, expiresInMs: 1_000 });
  let fence = 0;
  for (const [index, to] of path.entries()) {
    const from = path[index - 1];
    if (from === undefined) continue;
    if (to === 'executing') {
      const answer = await ledger.runs.claim(run.id, { runner: RUNNER, decision: ALLOW });
      if (answer.outcome !== 'claimed') throw new Error(`the claim was ${answer.outcome}`);
      ({ fence } = answer);
      await ledger.runs.intend(run.id, { fence, index: 0 });
    } else if (isWaiting(from)) {
      await stepWaiting(ledger, { id: run.id, digest: plan.digest, from, to, needsApproval });
    } else if (to === 'undone') {
      await undo(ledger, run.id, plan);
    } else if (isOver(from)) {
      const taken = await ledger.runs.takeOver(run.id, { ...RUNNER, id: 'walker-2' });
      if (taken.outcome !== 'taken') throw new Error(`taking over was ${taken.outcome}`);
      await ledger.runs.move(run.id, { fence: taken.fence, to, detail: WALKED });
    } else {
      await ledger.runs.move(run.id, { fence, to, detail: WALKED });
    }
  }
}

/** Only an inverse that succeeds makes a run undone. */
async function undo(ledger: Ledger, of: string, { digest: _old, ...content }: Plan): Promise<void> {
  const inverse = { ...content, summary: 'Take it back.' };
  const plan = { ...inverse, digest: digestPlan(inverse) };
  const purpose = { kind: 'undo', of } as const;
  const { run } = await ledger.runs.create({ plan, requester: ADA, expiresInMs: 60_000, purpose });
  await ledger.runs.decide(run.id, ALLOW, ADA);
  const answer = await ledger.runs.claim(run.id, { runner: RUNNER, decision: ALLOW });
  if (answer.outcome !== 'claimed') throw new Error(`the claim was ${answer.outcome}`);
  const { fence } = answer;
  await ledger.runs.move(run.id, { fence, to: 'verifying' });
  await ledger.runs.move(run.id, { fence, to: 'succeeded', detail: WALKED });
}

async function stepWaiting(
  ledger: Ledger,
  step: { id: string; digest: string; from: RunState; to: RunState; needsApproval: boolean },
): Promise<void> {
  const { id, digest, from, to } = step;
  switch (to) {
    case 'cancelled':
      await ledger.runs.cancel(id, { by: ADA, reason: 'walked' });
      return;
    case 'rejected':
      await ledger.approvals.reject({ runId: id, by: BOB, reason: 'walked' });
      return;
    case 'expired':
      await new Promise((resolve) => {
        setTimeout(resolve, 1_100);
      });
      await ledger.runs.expire(ADA);
      return;
    default:
  }
  if (from === 'planned') {
    const milder = step.needsApproval ? ASK : ALLOW;
    const decision = to === 'refused' ? { ...ALLOW, kind: 'deny' as const } : milder;
    await ledger.runs.decide(id, decision, ADA);
  } else if (to === 'awaiting_approval') {
    await ledger.runs.claim(id, { runner: RUNNER, decision: ASK });
  } else if (to === 'refused') {
    await ledger.runs.refuse(id, { by: ADA, reason: 'walked' });
  } else {
    await ledger.approvals.approve({ runId: id, digest, approver: BOB, policyVersion: POLICY });
  }
}
