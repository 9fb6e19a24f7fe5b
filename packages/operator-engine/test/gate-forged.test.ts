import { digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';
import { formatPlanDocument, parsePlanDocument } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { ADA, BOB, openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

/** An edited document, with the digest that matches. */
function forge(plan: Plan, different: Partial<Plan>): Plan {
  const { digest: _old, ...content } = { ...plan, ...different };
  return parsePlanDocument(formatPlanDocument({ ...content, digest: digestPlan(content) }));
}

const BRIGHT = `
rules:
  - { id: dim, when: { impact: { watts: { atMost: 100 } } }, decision: allow, reason: It is dim. }
  - { id: bright, when: { impact: { watts: { atLeast: 101 } } }, decision: needs_approval, reason: It is bright. }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;

describe('a plan document that was edited', () => {
  it('is shown, recorded and carried out by the facts of the system', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const forged = forge(plan, {
      summary: 'Look at lamp 1, nothing else.',
      warnings: ['Only a rehearsal.'],
      impact: [],
      effects: [{ resource: 'lamp:1', description: 'nothing changes' }],
      evidence: { ...plan.evidence, shown: [] },
    });
    const shown = await lamps.subject.planAgain(forged);
    const told = {
      summary: plan.summary,
      warnings: [],
      impact: plan.impact,
      effects: plan.effects,
    };
    expect(shown).toMatchObject({ ...told, evidence: plan.evidence });
    const { result } = await drain(lamps.subject.apply(forged));
    expect(result.state).toBe('succeeded');
    const run = await lamps.engine.runs.get(result.runId);
    expect(run).toMatchObject({ summary: plan.summary, plan: told });
    expect(run.digest).toBe(run.plan.digest);
    expect(JSON.stringify(await lamps.engine.runs.list())).not.toContain('rehearsal');
  });

  const inverse = { action: 'hold_lamp', parameters: { lamp_id: 2 } };
  it.each<[string, Partial<Plan>]>([
    ['inverse', { inverse }],
    ['inverse', { inverse: { none: 'it lasts' } }],
    ['resources', { resources: [{ resource: 'lamp:2', mode: 'exclusive' }] }],
    ['standing effect', { standingEffect: null }],
    ['standing effect', { standingEffect: { name: 'hold', resource: 'lamp:2' } }],
    ['resources of the effects', { effects: [] }],
  ])('is refused when its %s is another: %j', async (fact, different) => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const error = await failureOf(drain(lamps.subject.apply(forge(plan, different))));
    expect(error).toMatchObject({ code: 'PLAN_STALE', facts: { changes: [{ fact }] } });
    expect(lamps.house.changes).toEqual([]);
    expect(await lamps.engine.runs.list()).toEqual([]);
    const { audit } = await lamps.engine.openLedger();
    const [entry] = await audit.latest({ kinds: ['plan_refused'] });
    expect(entry).toMatchObject({ actor: ADA, reason: error.message });
  });

  it('is decided by the resources that it really touches', async () => {
    await using lamps = await openLamps({ policy: BRIGHT });
    lamps.house.lamps.set(1, { on: false, wiring: 1, watts: 500 });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const forged = forge(plan, { impact: [{ name: 'watts', value: 1, unit: 'count' }] });
    const error = await failureOf(drain(lamps.subject.apply(forged)));
    expect(error.code).toBe('NEEDS_APPROVAL');
    expect(lamps.house.changes).toEqual([]);
  });

  it('has one run, for every user who applies it and however often', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const copy = (): Plan => parsePlanDocument(formatPlanDocument(plan));
    const other = await lamps.open(BOB);
    const both = await Promise.all([
      drain(lamps.subject.apply(copy())),
      drain(other.subject.apply(copy())),
    ]);
    const again = await drain(lamps.subject.apply(copy()));
    const ids = [...both, again].map(({ result }) => result.runId);
    expect(new Set(ids).size).toBe(1);
    expect(lamps.house.changes).toHaveLength(1);
    expect((await lamps.subject.planAgain(copy())).parameters).toEqual(plan.parameters);
  });
});

describe('a plan whose change has grown since policy decided', () => {
  it('is not carried out when the same rules ask for more now', async () => {
    await using lamps = await openLamps({ policy: BRIGHT });
    lamps.house.lamps.set(1, { on: false, wiring: 1, watts: 60 });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    lamps.house.lamps.set(1, { on: false, wiring: 1, watts: 500 });
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error).toMatchObject({ code: 'PLAN_STALE', kind: 'stale' });
    expect(error.message).toContain('It is bright.');
    expect(lamps.house.changes).toEqual([]);
  });

  it('is carried out when they still allow it', async () => {
    await using lamps = await openLamps({ policy: BRIGHT });
    lamps.house.lamps.set(1, { on: false, wiring: 1, watts: 60 });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    lamps.house.lamps.set(1, { on: false, wiring: 1, watts: 90 });
    expect((await drain(lamps.subject.run(run.id))).result.state).toBe('succeeded');
  });
});

describe('a plan whose effect was removed since', () => {
  it('is not told to be done when it is applied again', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const first = await drain(lamps.subject.apply(plan));
    await lamps.engine.leases.end(first.result.runId, { reason: 'it is day' });
    const { result } = await drain(lamps.subject.apply(plan));
    expect(result).toMatchObject({ error: { code: 'RUN_STATE_CONFLICT', kind: 'refused' } });
    expect(result.summary).toContain('has been removed since');
    expect(lamps.house.changes).toHaveLength(2);
  });
});
