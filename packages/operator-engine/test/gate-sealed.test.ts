import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';
import { startWorker } from './support/start-worker.ts';
import { untilAbandoned } from './support/until-abandoned.ts';

const CONSENT = `
rules:
  - { id: ask, when: {}, decision: needs_approval, reason: Lamps are dear., approval: { count: 1 } }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;

/** Edits the ledger's file as another program would. */
function edit({ directory }: Lamps, sql: string, ...inputs: (string | null)[]): void {
  const database = new DatabaseSync(join(directory, '.operator', 'ledger.db'));
  try {
    database.prepare(sql).run(...inputs);
  } finally {
    database.close();
  }
}

/** The document of a plan for another lamp, with the digest that it is to show. */
async function otherPlan({ subject }: Lamps, digest?: string): Promise<Plan> {
  const { digest: own, ...content } = await planOf(subject, 'switch_lamp', { lamp_id: 2 });
  return { ...content, digest: digest ?? own };
}

describe('a plan that was changed in the ledger after consent', () => {
  it.each([
    ['with its old digest', (plan: Plan) => plan.digest, 0],
    ['with a digest that fits it', () => undefined, 0],
    ['with the digest of its row changed as well', () => undefined, 1],
  ] as const)('%s is not carried out, and that is in the audit', async (_name, digestOf, both) => {
    await using lamps = await openLamps({ policy: CONSENT });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    const { engine } = await lamps.open(BOB);
    await engine.approvals.approve(run.id, { digest: run.digest });
    const other = await otherPlan(lamps, digestOf(plan));
    edit(lamps, 'UPDATE plan SET document = ? WHERE run_id = ?', JSON.stringify(other), run.id);
    if (both === 1) edit(lamps, 'UPDATE run SET digest = ? WHERE id = ?', other.digest, run.id);
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error).toMatchObject({ code: 'PLAN_DIGEST_MISMATCH', facts: { runId: run.id } });
    expect(lamps.house.changes).toEqual([]);
    expect(await lamps.engine.runs.get(run.id)).toMatchObject({ state: 'refused' });
    // Also a later call is told the same.
    expect((await failureOf(drain(lamps.subject.run(run.id)))).code).toBe('PLAN_DIGEST_MISMATCH');
    const entries = await lamps.engine.runs.events(run.id);
    expect(entries.at(-1)).toMatchObject({ kind: 'run_moved', details: { to: 'refused' } });
    expect(JSON.stringify(entries.at(-1)?.details)).toContain(digestPlan(other));
  });

  it('is not carried out when it is not a plan any more', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    const ledger = await lamps.engine.openLedger();
    const { decision } = run;
    if (decision === null) throw new Error('it was to be decided');
    edit(lamps, 'UPDATE plan SET document = ? WHERE run_id = ?', '[]', run.id);
    const runner = { id: 'r1', actor: BOB, role: 'command' } as const;
    const answer = await ledger.runs.claim(run.id, { runner, decision });
    expect(answer).toMatchObject({ outcome: 'altered', run: { state: 'refused' } });
  });

  it('is not carried out when its row names another subject', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    edit(lamps, 'UPDATE run SET system_id = ? WHERE id = ?', 'house-2', run.id);
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error.code).toBe('PLAN_DIGEST_MISMATCH');
    expect(lamps.house.changes).toEqual([]);
  });
});

describe('a plan that was changed in the ledger after it was sent', () => {
  it('is not believed by the recovery, and its run is unknown', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const worker = startWorker(lamps.directory, { do: 'apply', plan, at: { kind: 'sent' } });
    await worker.gone;
    const runId = String(worker.told[0]?.['runId']);
    const other = await otherPlan(lamps, plan.digest);
    edit(lamps, 'UPDATE plan SET document = ? WHERE run_id = ?', JSON.stringify(other), runId);
    lamps.house.lamps.set(2, { on: true, wiring: 1 });
    await untilAbandoned(lamps, runId);
    expect(await lamps.engine.runs.recover()).toMatchObject([
      { runId, state: 'unknown', error: { code: 'PLAN_DIGEST_MISMATCH' } },
    ]);
  });

  it('takes nothing back: neither by undo nor at the end of its lease', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan, { leaseMs: 3_600_000 }));
    const { runId } = result;
    const inverse = { action: 'release_lamp', parameters: { lamp_id: 2 } };
    lamps.house.lamps.set(2, { on: false, wiring: 1, held: true });
    const changed = JSON.stringify({ ...plan, inverse });
    edit(lamps, 'UPDATE plan SET document = ? WHERE run_id = ?', changed, runId);
    const undone = await failureOf(lamps.engine.runs.planUndo(runId));
    expect(undone.code).toBe('PLAN_DIGEST_MISMATCH');
    const ended = await failureOf(lamps.engine.leases.end(runId, { reason: 'done' }));
    expect(ended).toMatchObject({
      code: 'IDENTITY_NOT_PROVEN',
      facts: { why: ['the plan has another digest than was recorded'] },
    });
    expect(lamps.house.changes).toHaveLength(1);
    expect(digestPlan({ ...plan, inverse })).not.toBe(plan.digest);
  });
});
