import { digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';
import type { RunEvent, RunResult } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { LampHouse } from './support/lamp-house.ts';
import { openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';

async function plan(lamps: Lamps, parameters: object = {}, action = 'switch_lamp'): Promise<Plan> {
  const planned = await lamps.subject.plan(action, { lamp_id: 1, ...parameters });
  if (planned.kind !== 'plan') throw new Error(`It came to ${planned.kind}.`);
  return planned.plan;
}

async function run(
  lamps: Lamps,
  parameters: object = {},
  options: { wait?: boolean } = {},
): Promise<{ events: RunEvent[]; result: RunResult }> {
  return drain(lamps.subject.apply(await plan(lamps, parameters), options));
}

/** Asks for events up to the first of a kind. */
async function nextOf(
  events: AsyncGenerator<RunEvent, RunResult>,
  kind: RunEvent['kind'],
): Promise<IteratorResult<RunEvent, RunResult>> {
  for (;;) {
    const next = await events.next();
    if (next.done === true || next.value.kind === kind) return next;
  }
}

function resign(changed: Plan): Plan {
  const { digest: _old, ...content } = changed;
  return { ...changed, digest: digestPlan(content) };
}

describe('a run', () => {
  it('re-checks, sends, verifies and settles, in this order', async () => {
    await using lamps = await openLamps();
    lamps.house.readsUntilEffect = 3;
    const { events, result } = await run(lamps, { settle_ms: 20 });
    const kinds = events.map(({ kind }) => kind);
    expect(kinds).toEqual([
      'recorded',
      'decided',
      'rechecked',
      'claimed',
      'sending',
      'intended',
      'sent',
      'verifying',
      'verifying',
      'verifying',
      'settling',
      'verifying',
      'finished',
    ]);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', result });
    expect(result).toMatchObject({
      state: 'succeeded',
      error: null,
      answerLost: false,
      verification: { state: 'reached', facts: { planned: true, sent: true } },
      requests: [{ result: { outcome: 'accepted', answer: 'the lamp will be switched' } }],
    });
    expect(lamps.house.lamps.get(1)?.on).toBe(true);
  });

  it('tells the system its id, and gives every run another', async () => {
    await using lamps = await openLamps();
    const first = await run(lamps);
    const second = await run(lamps, { on: false });
    const [one, other] = lamps.house.changes;
    expect(one?.callerId).toBe(`operator/${first.result.runId}`);
    expect(other?.callerId).toBe(`operator/${second.result.runId}`);
    expect(first.result.runId < second.result.runId).toBe(true);
    expect(new Set(first.events.map(({ runId }) => runId))).toEqual(new Set([first.result.runId]));
  });

  it('sends nothing before the caller has asked on after "sending"', async () => {
    await using lamps = await openLamps();
    const events = lamps.subject.apply(await plan(lamps));
    const { value } = await nextOf(events, 'sending');
    expect(value).toMatchObject({ kind: 'sending', index: 0 });
    expect(lamps.house.changes).toEqual([]);
    await events.return(undefined as never);
    expect(lamps.house.changes).toEqual([]);
    expect(lamps.house.lamps.get(1)?.on).toBe(false);
  });

  it('is only accepted when the caller does not wait', async () => {
    await using lamps = await openLamps();
    lamps.house.isWired = false;
    const { events, result } = await run(lamps, {}, { wait: false });
    expect(result).toMatchObject({ state: 'verifying', error: null, verification: null });
    expect(events.map(({ kind }) => kind)).not.toContain('verifying');
  });

  it('sends several requests one after the other, each once', async () => {
    await using lamps = await openLamps();
    const planned = await lamps.subject.plan('switch_several', { lamp_ids: [1, 2, 3] });
    const { result } = await drain(lamps.subject.apply((planned as { plan: Plan }).plan));
    expect(result.state).toBe('succeeded');
    expect(lamps.house.changes.map(({ path }) => path)).toEqual([
      '/lamps/1',
      '/lamps/2',
      '/lamps/3',
    ]);
  });
});

describe('what keeps a plan from being applied, with nothing sent', () => {
  it('a bound fact that has changed', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps);
    lamps.house.lamps.set(1, { on: false, wiring: 2 });
    const error = await failureOf(drain(lamps.subject.apply(made)));
    expect(error).toMatchObject({
      code: 'PLAN_STALE',
      kind: 'stale',
      facts: { changes: [{ fact: 'lamp:1 wiring', before: 1, now: 2 }] },
    });
    expect(error.message).toContain('lamp:1 wiring was 1 and is now 2');
    expect(lamps.house.changes).toEqual([]);
  });

  it('a refusal now, with its code and facts', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps);
    lamps.house.lamps.delete(1);
    const error = await failureOf(drain(lamps.subject.apply(made)));
    expect(error).toMatchObject({
      code: 'PLAN_STALE',
      facts: { refusal: { code: 'LAMP_UNKNOWN', facts: { lamp_id: 1 } } },
    });
    expect(lamps.house.changes).toEqual([]);
  });

  it('another user has done it in the meantime', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps);
    lamps.house.lamps.set(1, { on: true, wiring: 1 });
    const error = await failureOf(drain(lamps.subject.apply(made)));
    expect(error).toMatchObject({ code: 'PLAN_STALE', facts: { nothingToDo: { on: true } } });
    expect(lamps.house.changes).toEqual([]);
  });

  it('another running system behind the same address', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps);
    lamps.house.id = 'house-2';
    const error = await failureOf(drain(lamps.subject.apply(made)));
    expect(error).toMatchObject({
      code: 'PLAN_FOR_OTHER_SYSTEM',
      kind: 'refused',
      facts: { plan: { id: 'house-1' }, here: { id: 'house-2' } },
    });
    expect(lamps.house.changes).toEqual([]);
  });

  it('another subject', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps);
    const foreign = resign({ ...made, subject: { ...made.subject, name: 'elsewhere' } });
    const error = await failureOf(drain(lamps.subject.apply(foreign)));
    expect(error.code).toBe('PLAN_FOR_OTHER_SYSTEM');
  });

  it('any change to the document', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps);
    const before = lamps.house.requests.length;
    for (const changed of [
      { ...made, parameters: { ...made.parameters, on: false } },
      { ...made, deadlineMs: made.deadlineMs + 1 },
      { ...made, createdAt: '2020-01-01T00:00:00.000Z' },
      { ...made, extra: 1 } as Plan,
    ]) {
      const error = await failureOf(drain(lamps.subject.apply(changed)));
      expect(['PLAN_DIGEST_MISMATCH', 'PLAN_INVALID']).toContain(error.code);
    }
    const error = await failureOf(drain(lamps.subject.apply({ ...made, summary: 'Harmless.' })));
    expect(error).toMatchObject({ code: 'PLAN_DIGEST_MISMATCH', kind: 'refused' });
    expect(lamps.house.requests).toHaveLength(before);
  });

  it('requests that the plugin would not plan, even under a right digest', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps);
    const request = { ...made.requests[0], body: '{"on":false}' };
    const forged = resign({ ...made, requests: [request] });
    const error = await failureOf(drain(lamps.subject.apply(forged)));
    expect(error).toMatchObject({
      code: 'PLAN_STALE',
      facts: { changes: [{ fact: 'request 1' }] },
    });
    const longer = resign({ ...made, requests: [request, request] });
    expect((await failureOf(drain(lamps.subject.apply(longer)))).code).toBe('PLAN_STALE');
    const milder = resign({ ...made, riskLevel: 'low' });
    expect((await failureOf(drain(lamps.subject.apply(milder)))).code).toBe('PLAN_STALE');
    expect(lamps.house.changes).toEqual([]);
  });

  it.each([null, undefined, 'plan', {}, { format: 'operator.plan/2' }])(
    'a document that is not a plan: %j',
    async (junk) => {
      await using lamps = await openLamps();
      const error = await failureOf(drain(lamps.subject.apply(junk as never)));
      expect(error).toMatchObject({ code: 'PLAN_INVALID', kind: 'usage' });
    },
  );

  it('an action that needs the consent of a person', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, {}, 'break_lamp');
    expect(made.requiresApproval).toBe(true);
    const consent = { code: 'NEEDS_APPROVAL', kind: 'needs_approval' };
    expect(await failureOf(drain(lamps.subject.apply(made)))).toMatchObject(consent);
    const forged = resign({ ...made, requiresApproval: false });
    expect(await failureOf(drain(lamps.subject.apply(forged)))).toMatchObject(consent);
    expect(lamps.house.changes).toEqual([]);
  });

  it('a system that does not answer', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps);
    lamps.house.readStatus = 503;
    const error = await failureOf(drain(lamps.subject.apply(made)));
    expect(error.kind).toBe('unreachable');
    expect(lamps.house.changes).toEqual([]);
  });
});

describe('what the system says', () => {
  it('no, in the words of the plugin where it has some', async () => {
    await using lamps = await openLamps();
    lamps.house.postFaults = ['refuse'];
    const { result } = await run(lamps);
    expect(result).toMatchObject({
      state: 'failed',
      refusal: { code: 'LAMP_LOCKED' },
      error: {
        code: 'REFUSED_BY_SYSTEM',
        kind: 'failed',
        remedy: 'Ask the caretaker.',
        facts: { status: 409, answer: 'the lamp is locked', refusal: { code: 'LAMP_LOCKED' } },
      },
    });
  });

  it('no, in its own words otherwise', async () => {
    await using lamps = await openLamps();
    lamps.house.postFaults = ['refuse_in_words'];
    const { result } = await run(lamps);
    expect(result).toMatchObject({ state: 'failed', refusal: null });
    expect(result.summary).toBe('The system refused: the lamp is locked (status 400)');
  });

  it('a refusal in the middle: earlier requests are reported, and nothing more is sent', async () => {
    await using lamps = await openLamps();
    lamps.house.onRead = () => undefined;
    const planned = await lamps.subject.plan('switch_several', { lamp_ids: [1, 2, 3] });
    const events = lamps.subject.apply((planned as { plan: Plan }).plan);
    const { result } = await drain(events, (event) => {
      if (event.kind === 'sent' && event.index === 0) lamps.house.postFaults = ['refuse'];
    });
    expect(result.requests.map((one) => one.result?.outcome ?? null)).toEqual([
      'accepted',
      'refused',
      null,
    ]);
    expect(result).toMatchObject({ state: 'partly_done', error: { code: 'PARTLY_DONE' } });
    expect(result.error?.message).toMatch(/\(accepted\); .* \(refused\); .* \(not begun\)\./u);
    expect(result.error?.facts).toMatchObject({ requests: ['accepted', 'refused', 'not_begun'] });
    expect(lamps.house.changes).toHaveLength(2);
  });

  it('nothing, because it cannot be reached: planning again is safe', async () => {
    await using lamps = await openLamps();
    lamps.house.keepsAlive = false;
    const made = await plan(lamps);
    const { result } = await drain(lamps.subject.apply(made), async (event) => {
      if (event.kind === 'sending') await lamps.house.close();
    });
    expect(result).toMatchObject({
      state: 'failed',
      answerLost: false,
      requests: [{ result: { outcome: 'not_sent' } }],
      error: { code: 'NOT_SENT', kind: 'unreachable', retryable: true },
    });
  });
});

describe('an answer that was lost', () => {
  it('is resolved by reading, and never sent again', async () => {
    await using lamps = await openLamps();
    lamps.house.postFaults = ['cut_after'];
    const { result } = await run(lamps);
    expect(result).toMatchObject({ state: 'succeeded', answerLost: true, error: null });
    expect(result.summary).toMatch(/^No usable answer came .+, but the effect is there/u);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('leaves it unknown when the effect does not come', async () => {
    await using lamps = await openLamps();
    lamps.house.postFaults = ['cut_before'];
    const { result } = await run(lamps, { patience_ms: 60 });
    expect(result).toMatchObject({
      state: 'unknown',
      answerLost: true,
      error: { code: 'NOT_VERIFIED', kind: 'unverified' },
    });
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is not believed to have failed before the request can no longer be on its way', async () => {
    const limits = { lostAnswerMs: 1_000 };
    await using lamps = await openLamps({ mischief: ['verify_gives_up'], limits });
    lamps.house.postFaults = ['cut_before'];
    const { events, result } = await run(lamps);
    expect(result).toMatchObject({ state: 'ineffective', error: { code: 'EFFECT_FAILED' } });
    expect(events.filter(({ kind }) => kind === 'verifying').length).toBeGreaterThan(2);
    expect(result.elapsedMs).toBeGreaterThanOrEqual(1_000);
  });

  it('is unknown when no process looks for the effect', async () => {
    await using lamps = await openLamps();
    lamps.house.postFaults = ['cut_after'];
    const { result } = await run(lamps, {}, { wait: false });
    expect(result).toMatchObject({
      state: 'verifying',
      error: { code: 'OUTCOME_UNKNOWN', kind: 'unverified' },
    });
  });
});

describe('the effect', () => {
  it('that is given up is ineffective', async () => {
    await using lamps = await openLamps({ mischief: ['verify_gives_up'] });
    lamps.house.isWired = false;
    const { result } = await run(lamps);
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_FAILED', kind: 'failed', facts: { lastSeen: { state: 'failed' } } },
    });
  });

  it('that does not come in time is unknown', async () => {
    await using lamps = await openLamps();
    lamps.house.isWired = false;
    const { result } = await run(lamps, { patience_ms: 50 });
    expect(result).toMatchObject({
      state: 'unknown',
      error: { code: 'NOT_VERIFIED', kind: 'unverified' },
    });
    expect(result.error?.next).toEqual([{ operation: 'recover_runs' }]);
    expect(result.elapsedMs).toBeGreaterThanOrEqual(50);
  });

  it('that is taken back before it has settled is ineffective', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, { settle_ms: 20 });
    const { result } = await drain(lamps.subject.apply(made), (event) => {
      if (event.kind === 'settling') lamps.house.lamps.set(1, { on: false, wiring: 1 });
    });
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_REVERTED', kind: 'failed' },
    });
  });

  it('is ineffective when another change has taken its place, with or without having been there', async () => {
    await using lamps = await openLamps();
    const replace = (): unknown => lamps.house.lamps.set(1, { on: false, wiring: 9 });
    const made = await plan(lamps, { settle_ms: 20 });
    const { result } = await drain(lamps.subject.apply(made), (event) => {
      if (event.kind === 'settling') replace();
    });
    expect(result).toMatchObject({
      state: 'ineffective',
      summary: 'The effect was there, but another change has taken its place: The lamp is not so.',
      error: { code: 'EFFECT_SUPERSEDED', kind: 'failed', facts: { wasReached: true } },
    });
    lamps.house.lamps.set(1, { on: false, wiring: 1 });
    lamps.house.isWired = false;
    const never = await drain(lamps.subject.apply(await plan(lamps)), (event) => {
      if (event.kind === 'sent') replace();
    });
    expect(never.result.summary).toBe(
      'The system accepted it, but another change has taken its place: The lamp is not so.',
    );
    const kept = await lamps.engine.runs.get(result.runId);
    expect(kept.detail).toMatchObject({ verification: { state: 'superseded' } });
  });

  it('that cannot be judged during the hold is not called taken back: it is looked at until it can be', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, { settle_ms: 20 });
    const states: string[] = [];
    const { result } = await drain(lamps.subject.apply(made), (event) => {
      if (event.kind === 'settling')
        lamps.house.lamps.set(1, { on: false, wiring: 1, veiled: true });
      if (event.kind !== 'verifying') return;
      states.push(event.verification?.state ?? 'none');
      if (states.filter((state) => state === 'unknown').length < 3) return;
      lamps.house.lamps.set(1, { on: true, wiring: 1 });
    });
    expect(states).toEqual(['reached', 'unknown', 'unknown', 'unknown', 'reached']);
    expect(result).toMatchObject({ state: 'succeeded', error: null });
  });

  it('that cannot be judged in time is unknown, and not said to be missing', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, { patience_ms: 50 });
    const { result } = await drain(lamps.subject.apply(made), (event) => {
      if (event.kind === 'sent') lamps.house.lamps.set(1, { on: true, wiring: 1, veiled: true });
    });
    expect(result).toMatchObject({ state: 'unknown', error: { code: 'OUTCOME_UNKNOWN' } });
    expect(result.summary).toContain('could not be seen: The lamp is behind a curtain.');
  });

  it('is looked for until the deadline while the system cannot be read', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, { patience_ms: 10_000 });
    let unreadable = 0;
    const { result } = await drain(lamps.subject.apply(made), (event) => {
      if (event.kind === 'sent') lamps.house.readStatus = 503;
      if (event.kind === 'verifying' && event.unreadable !== null) unreadable += 1;
      if (unreadable === 5) lamps.house.readStatus = 200;
    });
    expect(unreadable).toBe(5);
    expect(result.state).toBe('succeeded');
  });

  it('is unknown, and never failed, when it cannot be read until the end', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, { patience_ms: 100 });
    const { result } = await drain(lamps.subject.apply(made), (event) => {
      if (event.kind === 'sent') lamps.house.readStatus = 503;
    });
    expect(result).toMatchObject({
      state: 'unknown',
      verification: null,
      error: { code: 'OUTCOME_UNKNOWN', kind: 'unverified', facts: { lastSeen: null } },
    });
    expect(result.error?.cause).toMatchObject({ code: 'LAMPS_UNREACHABLE' });
  });

  it.each(['verify_throws', 'verify_writes'])(
    'is unknown when the plugin fails to look again and again: %s',
    async (mischief) => {
      await using lamps = await openLamps({ mischief: [mischief] });
      const { result } = await run(lamps, { patience_ms: 3_600_000 });
      expect(result).toMatchObject({ state: 'unknown', error: { code: 'OUTCOME_UNKNOWN' } });
      expect(lamps.house.changes).toHaveLength(1);
    },
  );

  it('is looked for again when one look hangs', async () => {
    await using lamps = await openLamps({ mischief: ['verify_hangs'], limits: { verifyMs: 40 } });
    const { events, result } = await run(lamps, { patience_ms: 500 });
    expect(events.filter(({ kind }) => kind === 'verifying').length).toBeGreaterThan(1);
    expect(result).toMatchObject({ state: 'unknown', error: { code: 'OUTCOME_UNKNOWN' } });
  });
});

describe('a refusal that proves nothing', () => {
  const bodies = ['upstream request timeout', 'Service Unavailable', ''];

  it.each([500, 503, 504, 408, 499])(
    'with status %i is unknown, and the effect decides',
    async (status) => {
      await using lamps = await openLamps();
      lamps.house.postFaults = [{ status, text: bodies[status % 3] ?? '', isDone: true }];
      const { result } = await run(lamps);
      expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
      expect(result.requests[0]?.result).toMatchObject({ outcome: 'unknown' });
      expect(result.summary).toContain(`status ${status} does not prove`);
      expect(lamps.house.changes).toHaveLength(1);
    },
  );

  it('without the effect stays unknown', async () => {
    await using lamps = await openLamps();
    lamps.house.postFaults = [{ status: 502, text: 'bad gateway', isDone: false }];
    const { result } = await run(lamps, { patience_ms: 60 });
    expect(result).toMatchObject({ state: 'unknown', error: { code: 'NOT_VERIFIED' } });
  });

  it('is a refusal where the plugin knows the words, and with a status that proxies do not give', async () => {
    await using certain = await openLamps({ mischief: ['send_is_certain'] });
    certain.house.postFaults = [{ status: 503, text: 'the fuse is out', isDone: false }];
    const { result } = await run(certain);
    expect(result).toMatchObject({ state: 'failed', error: { code: 'REFUSED_BY_SYSTEM' } });
    await using plain = await openLamps();
    plain.house.postFaults = [{ status: 429, text: 'slow down', isDone: false }];
    expect((await run(plain)).result).toMatchObject({ error: { code: 'REFUSED_BY_SYSTEM' } });
  });
});

describe('a plugin that misbehaves while sending', () => {
  it.each([
    ['send_throws', 'failed', 'not_sent', 0],
    ['send_answers_junk', 'failed', 'not_sent', 0],
    ['send_changes_body', 'failed', 'not_sent', 0],
    ['send_twice', 'succeeded', 'unknown', 1],
    ['send_lies', 'succeeded', 'unknown', 1],
  ] as const)('%s: the run is %s', async (mischief, state, outcome, sent) => {
    await using lamps = await openLamps({ mischief: [mischief] });
    const { result } = await run(lamps, { patience_ms: 60 });
    expect(result.requests[0]?.result?.outcome).toBe(outcome);
    expect(result.state).toBe(state);
    expect(lamps.house.changes).toHaveLength(sent);
  });

  it.each([
    ['send_throws', 'PLUGIN_MISBEHAVED', 'the lamp plugin forgot how to send'],
    ['send_answers_junk', 'PLUGIN_MISBEHAVED', 'the answer of send'],
    ['send_changes_body', 'WRITE_WHILE_READING', 'is not a planned request of this moment'],
    [
      'send_changes_body_in_secret',
      'WRITE_WHILE_READING',
      'is not a planned request of this moment',
    ],
  ])('%s: it is to blame, and not the system', async (mischief, code, words) => {
    await using lamps = await openLamps({ mischief: [mischief] });
    const { result } = await run(lamps);
    expect(result.error).toMatchObject({
      code,
      kind: 'plugin',
      retryable: false,
      facts: { action: 'switch_lamp', requests: ['not_sent'] },
    });
    expect(result.error?.message).toContain(words);
    expect(lamps.house.changes).toEqual([]);
  });

  it.each(['send_claims', 'send_invents_refusal'])(
    '%s: it is to blame for an answer to a request that it never sent',
    async (mischief) => {
      await using lamps = await openLamps({ mischief: [mischief] });
      const { result } = await run(lamps, { patience_ms: 60 });
      expect(result).toMatchObject({ state: 'failed', error: { code: 'PLUGIN_MISBEHAVED' } });
      expect(result.error?.message).toContain('but it had sent nothing');
      expect(lamps.house.changes).toEqual([]);
    },
  );

  it('with an answer of the wrong shape after sending: it is reported, and the effect decides', async () => {
    await using lamps = await openLamps({ mischief: ['send_answers_junk_late'] });
    const { result } = await run(lamps);
    expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
    expect(result.summary).toContain('the answer of send');
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('by throwing what Node threw at it: the network is to blame', async () => {
    await using lamps = await openLamps({ mischief: ['send_throws_network'] });
    lamps.house.keepsAlive = false;
    const port = Number(new URL(lamps.house.url).port);
    const planned = await plan(lamps);
    const { result } = await drain(lamps.subject.apply(planned), async ({ kind }) => {
      if (kind === 'intended') await lamps.house.close();
    });
    expect(result.error).toMatchObject({ code: 'NOT_SENT', kind: 'unreachable' });
    expect(result.error?.message).toContain(`ECONNREFUSED 127.0.0.1:${port}`);
  });

  it('sends to the next endpoint of the target when the first could not be connected to', async () => {
    const gone = await new LampHouse().open();
    await using lamps = await openLamps({ urls: [gone.url], mischief: ['names_all_targets'] });
    const made = await plan(lamps);
    expect(made.requests[0].target).toEqual([gone.url, lamps.house.url]);
    const steps = lamps.subject.apply(made);
    await nextOf(steps, 'intended');
    await gone.close();
    const { result } = await drain(steps);
    expect(result).toMatchObject({ state: 'succeeded', answerLost: false });
    expect(lamps.house.changes).toHaveLength(1);
  });
});
