import type { Actor } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf, runOf } from './support/errors.ts';
import { ADA, ALLOW_ALL, BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

const SERVICE: Actor = { kind: 'program', name: 'operator-server' };
const BOT: Actor = { kind: 'agent', name: 'bot', onBehalfOf: 'ada' };

/** A policy whose consent may come from any person, `own`: the requester counts. */
function asking(own: boolean): string {
  const rule = `{ id: ask, when: {}, decision: needs_approval, reason: Ask., approval: { count: 1, requesterMayApprove: ${own} } }`;
  return ALLOW_ALL.replace('rules:', `rules:\n  - ${rule}`);
}

/** Switches a lamp in the name of an actor. */
async function switchLamp({ engine }: Lamps, actor: Actor, lampId: number) {
  const subject = await engine.as(actor).openSubject();
  const plan = await planOf(subject, 'switch_lamp', { lamp_id: lampId });
  return (await drain(subject.apply(plan))).result;
}

/** Requests a run in the name of an actor that waits for consent. */
async function request(lamps: Lamps, actor: Actor): Promise<{ runId: string; digest: string }> {
  const subject = await lamps.engine.as(actor).openSubject();
  const plan = await planOf(subject, 'switch_lamp', { lamp_id: 1 });
  const error = await failureOf(drain(subject.apply(plan)));
  expect(error.code).toBe('NEEDS_APPROVAL');
  return { runId: runOf(error), digest: plan.digest };
}

describe('one engine that serves several actors', () => {
  it('carries runs of two at once over one connection, and every audit entry names its own', async () => {
    await using lamps = await openLamps({ actor: SERVICE, mischief: ['connect_greets'] });
    const { engine } = lamps;
    const results = await Promise.all([switchLamp(lamps, ADA, 1), switchLamp(lamps, BOT, 2)]);
    expect(results.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    for (const [index, actor] of [ADA, BOT].entries()) {
      const { runId } = results[index] ?? { runId: '' };
      expect((await engine.runs.get(runId)).requester).toEqual(actor);
      const entries = await engine.runs.events(runId);
      expect(entries.map((entry) => entry.actor)).toEqual(entries.map(() => actor));
      expect(entries.length).toBeGreaterThan(3);
    }
    expect(lamps.house.requests.filter(({ path }) => path === '/hello')).toHaveLength(1);
    const ledger = await engine.openLedger();
    expect(await ledger.audit.verify()).toMatchObject({ isIntact: true });
    expect((await ledger.maintenance.check()).problems).toEqual([]);
  });

  it('keeps the connection for the others when one closes its subject', async () => {
    await using lamps = await openLamps({ actor: SERVICE, mischief: ['connect_greets'] });
    const [one, other] = await Promise.all([
      lamps.engine.as(ADA).openSubject(),
      lamps.engine.as(BOB).openSubject(),
    ]);
    await one.identify();
    await one.close();
    expect((await failureOf(one.identify())).code).toBe('SUBJECT_CLOSED');
    await other.identify();
    expect(lamps.house.requests.filter(({ path }) => path === '/hello')).toHaveLength(1);
  });

  it('records cancels, the mode and the kill switch in the name of the one who asked', async () => {
    await using lamps = await openLamps({ actor: SERVICE, policy: asking(false) });
    const { runId } = await request(lamps, ADA);
    const bot = lamps.engine.as(BOT);
    await bot.runs.cancel(runId, { reason: 'wrong lamp' });
    expect((await lamps.engine.runs.events(runId)).at(-1)).toMatchObject({ actor: BOT });
    expect(await bot.mode.set('guarded', { reason: 'night' })).toMatchObject({ by: BOT });
    expect((await bot.mode.stop({ reason: 'fire' })).status.stop).toMatchObject({ by: BOT });
  });

  it('keeps the idempotency keys of an agent apart by the person for whom it acts', async () => {
    await using lamps = await openLamps({ actor: SERVICE });
    const submitted = await Promise.all(
      ['ada', 'bob'].map(async (onBehalfOf, index) => {
        const subject = await lamps.engine.as({ ...BOT, onBehalfOf }).openSubject();
        const plan = await planOf(subject, 'switch_lamp', { lamp_id: index + 1 });
        return subject.submit(plan, { idempotencyKey: 'call-1' });
      }),
    );
    expect(submitted.map(({ created }) => created)).toEqual([true, true]);
  });

  it('refuses to act in a name when it was opened for the user of the system', async () => {
    await using lamps = await openLamps({ actor: { kind: 'person' } });
    const error = await failureOf(() => lamps.engine.as(BOB));
    expect(error).toMatchObject({ code: 'ACTOR_MISSING', kind: 'usage' });
  });
});

describe('the consent to a run of an agent that acts for a person', () => {
  it.each([false, true])(
    'is not that of the same person, also where the requester’s own consent counts: %j',
    async (own) => {
      await using lamps = await openLamps({ actor: SERVICE, policy: asking(own) });
      const { runId, digest } = await request(lamps, BOT);
      const { approvals } = lamps.engine.as(ADA);
      const error = await failureOf(approvals.approve(runId, { digest }));
      expect(error).toMatchObject({
        code: 'APPROVAL_REFUSED',
        facts: { because: 'approver_is_requester' },
      });
      const given = await lamps.engine.as(BOB).approvals.approve(runId, { digest });
      expect(given).toMatchObject({ goesOn: 'here', run: { requester: BOT } });
      expect((await drain(lamps.engine.runs.resume(runId))).result.state).toBe('succeeded');
    },
  );

  it('counts once when it comes from a person and from another account of that person', async () => {
    const policy = asking(false).replace('count: 1', 'count: 2');
    await using lamps = await openLamps({ actor: SERVICE, policy });
    const { runId, digest } = await request(lamps, BOT);
    const admin: Actor = { kind: 'person', name: 'bob-admin', onBehalfOf: 'bob' };
    for (const actor of [BOB, admin]) {
      const progress = await lamps.engine.as(actor).approvals.approve(runId, { digest });
      expect(progress).toMatchObject({ goesOn: 'not_yet' });
      expect(progress.given).toHaveLength(1);
    }
    const carol: Actor = { kind: 'person', name: 'carol' };
    const progress = await lamps.engine.as(carol).approvals.approve(runId, { digest });
    expect(progress.run.state).toBe('approved');
    expect((await lamps.engine.runs.get(runId)).approvals.map(({ approver }) => approver)).toEqual(
      expect.arrayContaining([BOB, admin, carol]),
    );
  });
});
