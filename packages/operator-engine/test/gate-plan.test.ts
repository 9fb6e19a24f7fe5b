import { digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { failureOf } from './support/errors.ts';
import { ADA, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';

async function planOne(lamps: Lamps, parameters: object = {}): Promise<Plan> {
  const planned = await lamps.subject.plan('switch_lamp', { lamp_id: 1, ...parameters });
  if (planned.kind !== 'plan') throw new Error(`It came to ${planned.kind}.`);
  return planned.plan;
}

describe('what planning comes to', () => {
  it('is an immutable document of what the plugin drafts', async () => {
    await using lamps = await openLamps();
    const plan = await planOne(lamps);
    expect(plan).toMatchObject({
      format: 'operator.plan/1',
      subject: { name: 'home', plugin: 'lamps', system: { kind: 'lamp-house', id: 'house-1' } },
      action: 'switch_lamp',
      parameters: { lamp_id: 1, on: true, patience_ms: 5000, settle_ms: 0 },
      requests: [{ method: 'POST', path: '/lamps/1', body: '{"on":true}' }],
      riskLevel: 'medium',
      requiresApproval: false,
      warnings: [],
      standingEffect: null,
    });
    const { digest, ...content } = plan;
    expect(digestPlan(content)).toBe(digest);
    expect(Object.isFrozen(plan) && Object.isFrozen(plan.requests[0])).toBe(true);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(lamps.house.changes).toEqual([]);
  });

  it('is nothing to do, or a refusal, as an answer', async () => {
    await using lamps = await openLamps();
    const nothing = await lamps.subject.plan('switch_lamp', { lamp_id: 1, on: false });
    expect(nothing).toMatchObject({ kind: 'nothing_to_do', action: 'switch_lamp' });
    const refused = await lamps.subject.plan('switch_lamp', { lamp_id: 99 });
    expect(refused).toMatchObject({
      kind: 'refused',
      subject: { system: { id: 'house-1' } },
      parameters: { lamp_id: 99 },
      refusal: { code: 'LAMP_UNKNOWN' },
    });
  });

  it.each([
    ['plan_is_riskier', 'high'],
    ['plan_is_milder', 'medium'],
  ])('raises the risk by what a plan touches, and never lowers it: %s', async (mischief, risk) => {
    await using lamps = await openLamps({ mischief: [mischief] });
    expect((await planOne(lamps)).riskLevel).toBe(risk);
  });

  it('lists and describes without connecting', async () => {
    await using lamps = await openLamps({ mischief: ['connect_throws'] });
    expect(lamps.subject.actions.listActionNames()).toContain('switch_lamp');
    expect(lamps.subject.observations.listObservationNames()).toEqual(['lamp', 'lamps']);
    expect(lamps.subject.plugin).toMatchObject({ name: 'lamps', contract: '1.0' });
    expect(lamps.house.requests).toEqual([]);
  });
});

describe('bad input', () => {
  it('names the nearest actions', async () => {
    await using lamps = await openLamps();
    const error = await failureOf(lamps.subject.plan('swich_lamp', {}));
    expect(error).toMatchObject({ code: 'ACTION_NOT_FOUND', kind: 'usage' });
    expect(error.facts['nearest']).toContain('switch_lamp');
    expect(error.remedy).toContain('switch_lamp');
  });

  it.each(['', '__proto__', 'constructor', 'x'.repeat(100_000)])(
    'has no action of an odd name',
    async (name) => {
      await using lamps = await openLamps();
      const error = await failureOf(lamps.subject.plan(name, {}));
      expect(error.code).toBe('ACTION_NOT_FOUND');
      expect(error.message.length).toBeLessThan(500);
    },
  );

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'lamp_id=1'],
    ['a list', [1]],
    ['a text for a number', { lamp_id: '1' }],
    ['a fraction', { lamp_id: 1.5 }],
    ['a negative', { lamp_id: -1 }],
    ['a number that is not exact', { lamp_id: 2 ** 53 + 2 }],
    ['no number', { lamp_id: Number.NaN }],
    ['an unknown parameter', { lamp_id: 1, colour: 'red' }],
    ['a prototype', JSON.parse('{"lamp_id":1,"__proto__":{"on":false}}') as unknown],
    ['a cycle', cyclic()],
    ['10 MB of text', { lamp_id: 'x'.repeat(10_000_000) }],
    ['10 MB of list', { lamp_id: Array.from({ length: 5_000_000 }, () => 1) }],
    [
      '10 MB of keys',
      Object.fromEntries(Array.from({ length: 400_000 }, (_, i) => [`key_${i}`, i])),
    ],
    ['a deep one', deep(50_000)],
  ])('refuses %s as parameters without asking the system', async (_, parameters) => {
    await using lamps = await openLamps();
    const error = await failureOf(lamps.subject.plan('switch_lamp', parameters));
    expect(error).toMatchObject({ code: 'PARAMETERS_INVALID', kind: 'usage' });
    expect(error.facts['issues']).not.toEqual([]);
    expect(JSON.stringify(error).length).toBeLessThan(20_000);
    expect(lamps.house.requests).toEqual([]);
  });

  it('stands in the audit when the change was asked for, and not when only its plan was', async () => {
    await using lamps = await openLamps();
    const asked = { lamp_id: 77 };
    await lamps.subject.plan('switch_lamp', asked);
    await lamps.subject.plan('switch_lamp', asked, { isAskedFor: true });
    const { audit } = await lamps.engine.openLedger();
    const entries = await audit.latest({ kinds: ['plan_refused'] });
    expect(entries).toMatchObject([
      { actor: ADA, reason: 'There is no lamp 77.', details: { code: 'LAMP_UNKNOWN' } },
    ]);
  });

  it('reports a parameter that was not given as missing', async () => {
    await using lamps = await openLamps();
    const error = await failureOf(lamps.subject.plan('switch_lamp', {}));
    expect(error.facts['issues']).toContainEqual({ path: 'lamp_id', message: 'is missing' });
  });

  it('names every problem in one error, and the known parameters', async () => {
    await using lamps = await openLamps();
    const given = { lamp_id: 'one', on: 1, colour: 'red' };
    const error = await failureOf(lamps.subject.plan('switch_lamp', given));
    expect(error.facts['issues']).toHaveLength(3);
    expect(error.remedy).toContain('lamp_id, on');
  });

  it('does not keep the objects of the caller', async () => {
    await using lamps = await openLamps();
    const given = { lamp_ids: [1, 2] };
    const planned = await lamps.subject.plan('switch_several', given);
    given.lamp_ids.push(3);
    expect(planned).toMatchObject({ plan: { parameters: { lamp_ids: [1, 2] } } });
    expect(Object.isFrozen(given.lamp_ids)).toBe(false);
  });
});

describe('a bound fact that is unknown', () => {
  it('refuses the plan and is recorded in the audit; a shown fact may be unknown', async () => {
    await using lamps = await openLamps({ mischief: ['plan_rests_on_unknown'] });
    const asked = { isAskedFor: true };
    const error = await failureOf(lamps.subject.plan('switch_lamp', { lamp_id: 1 }, asked));
    expect(error).toMatchObject({
      code: 'FACT_UNKNOWN',
      kind: 'refused',
      retryable: true,
      facts: { unknown: [{ fact: 'lamp:1 owner', because: 'the register is shut' }] },
    });
    const ledger = await lamps.engine.openLedger();
    const entries = await ledger.audit.list({ kinds: ['plan_refused'] });
    expect(entries).toMatchObject([{ details: { code: 'FACT_UNKNOWN' } }]);
  });
});

describe('a network error that the plugin passes on', () => {
  it('is not a breach of the contract: the system was not reached', async () => {
    await using lamps = await openLamps({ mischief: ['read_throws_network'] });
    const error = await failureOf(planOne(lamps));
    expect(error).toMatchObject({
      code: 'SUBJECT_UNREACHABLE',
      kind: 'unreachable',
      retryable: true,
    });
    expect(error.message).toContain('ECONNREFUSED 127.0.0.1:1');
  });
});

describe('a plugin that breaks its contract', () => {
  it.each([
    ['plan_throws', 'PLUGIN_MISBEHAVED', 'the fuse blew'],
    ['plan_throws_nonsense', 'PLUGIN_MISBEHAVED', 'it threw null'],
    ['plan_is_junk', 'PLUGIN_MISBEHAVED', 'summary'],
    ['plan_is_nothing', 'PLUGIN_MISBEHAVED', 'plan of action switch_lamp'],
    ['plan_is_huge', 'PLUGIN_MISBEHAVED', 'larger than 8 MiB'],
    ['plan_goes_elsewhere', 'PLUGIN_MISBEHAVED', 'path'],
    ['plan_refuses_by_invention', 'PLUGIN_MISBEHAVED', 'MADE_UP'],
    ['plan_inverts_by_invention', 'PLUGIN_MISBEHAVED', 'unswitch'],
    ['plan_inverts_with_nonsense', 'PLUGIN_MISBEHAVED', 'its inverse switch_lamp: lamp_id'],
    ['plan_stands_for_ever', 'PLUGIN_MISBEHAVED', 'has no inverse to end it: it is welded'],
    ['plan_disturbs_nothing', 'PLUGIN_MISBEHAVED', 'resources: must name what'],
    ['plan_disturbs_nothing', 'PLUGIN_MISBEHAVED', 'deadlineMs: '],
    ['plan_sends_a_read', 'PLUGIN_MISBEHAVED', 'POST /search?lamp=1 is declared to be a read'],
    ['identity_is_junk', 'PLUGIN_MISBEHAVED', 'identity'],
    ['plan_hangs', 'PLUGIN_TIMEOUT', 'planning switch_lamp'],
    ['connect_throws', 'PLUGIN_CONNECT_FAILED', 'wrong street'],
    ['connect_hangs', 'PLUGIN_CONNECT_TIMEOUT', 'did not connect'],
    ['connect_gives_junk', 'PLUGIN_CONNECT_FAILED', 'identify, send'],
  ])('%s is told as %s', async (mischief, code, words) => {
    const limits = mischief.endsWith('hangs') ? { readMs: 1_000, connectMs: 500 } : {};
    await using lamps = await openLamps({ mischief: [mischief], limits });
    const error = await failureOf(planOne(lamps));
    expect(error).toMatchObject({ code, kind: 'plugin' });
    expect(error.message).toContain(words);
    expect(lamps.house.changes).toEqual([]);
  });

  it.each(['plan_writes', 'plan_writes_in_secret', 'connect_writes'])(
    'never gets a change through while it reads: %s',
    async (mischief) => {
      await using lamps = await openLamps({ mischief: [mischief] });
      const error = await failureOf(planOne(lamps));
      expect(error).toMatchObject({
        code: 'WRITE_WHILE_READING',
        kind: 'plugin',
        facts: { subject: 'home', method: 'POST', path: '/lamps/1' },
      });
      expect(lamps.house.changes).toEqual([]);
      expect(lamps.house.lamps.get(1)?.on).toBe(false);
    },
  );

  it('may fail with an error of its own', async () => {
    await using lamps = await openLamps({ mischief: ['connect_refuses'] });
    const own = { code: 'LAMPS_CERTIFICATE', kind: 'config' };
    expect(await failureOf(planOne(lamps))).toMatchObject(own);
    await using locked = await openLamps();
    const error = await failureOf(locked.subject.plan('switch_locked_lamp', { lamp_id: 1 }));
    expect(error).toMatchObject({ code: 'LAMP_LOCKED', kind: 'refused' });
  });

  it('connects again after a failure', async () => {
    await using lamps = await openLamps();
    lamps.house.readStatus = 503;
    expect((await failureOf(planOne(lamps))).kind).toBe('unreachable');
    lamps.house.readStatus = 200;
    expect((await planOne(lamps)).action).toBe('switch_lamp');
  });

  it('says which file of the configuration cannot be read', async () => {
    await using lamps = await openLamps({ mischief: ['connect_reads_file'] });
    const error = await failureOf(planOne(lamps));
    expect(error).toMatchObject({ code: 'CONFIG_UNREADABLE', kind: 'config' });
    expect(error.message).toContain('no-such.pem');
  });
});

describe('observing', () => {
  it('gives the answer with what was asked', async () => {
    await using lamps = await openLamps();
    expect(await lamps.subject.observe('lamp', { lamp_id: 2 })).toMatchObject({
      subject: 'home',
      observation: 'lamp',
      parameters: { lamp_id: 2 },
      value: { on: false, wiring: 1 },
    });
  });

  it.each([
    ['read_is_junk', 'PLUGIN_MISBEHAVED'],
    ['read_is_foreign', 'PLUGIN_MISBEHAVED'],
    ['read_throws', 'PLUGIN_MISBEHAVED'],
    ['read_hangs', 'PLUGIN_TIMEOUT'],
    ['read_writes', 'WRITE_WHILE_READING'],
  ])('%s is told as %s', async (mischief, code) => {
    const limits = mischief === 'read_hangs' ? { readMs: 500 } : {};
    await using lamps = await openLamps({ mischief: [mischief], limits });
    const error = await failureOf(lamps.subject.observe('lamp', { lamp_id: 1 }));
    expect(error.code).toBe(code);
    expect(lamps.house.changes).toEqual([]);
  });

  it('names the nearest observations, and every problem of parameters', async () => {
    await using lamps = await openLamps();
    const unknown = await failureOf(lamps.subject.observe('lam', {}));
    expect(unknown).toMatchObject({
      code: 'OBSERVATION_NOT_FOUND',
      facts: { nearest: ['lamp', 'lamps'] },
    });
    const wrong = await failureOf(lamps.subject.observe('lamp', { lamp: 1 }));
    expect(wrong.code).toBe('PARAMETERS_INVALID');
  });
});

describe('many requests at once', () => {
  it('make no noise', async () => {
    await using lamps = await openLamps();
    const warnings: Error[] = [];
    const note = (warning: Error): number => warnings.push(warning);
    process.on('warning', note);
    const stop = new AbortController();
    const { value } = await lamps.subject.observe('lamps', { times: 60 }, stop);
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(value).toHaveLength(60);
    expect(warnings).toEqual([]);
  });
});

describe('ending', () => {
  it('is over at once when the signal ends it, even for a plugin that takes no notice', async () => {
    await using lamps = await openLamps({ mischief: ['plan_hangs'] });
    const stop = new AbortController();
    const planning = failureOf(lamps.subject.plan('switch_lamp', { lamp_id: 1 }, stop));
    stop.abort();
    expect(await planning).toMatchObject({ code: 'INTERRUPTED', kind: 'interrupted' });
  });

  it('is over at once while connecting', async () => {
    await using lamps = await openLamps({ mischief: ['connect_hangs'] });
    const stop = new AbortController();
    const planning = failureOf(lamps.subject.plan('switch_lamp', { lamp_id: 1 }, stop));
    setTimeout(() => {
      stop.abort();
    }, 50);
    expect((await planning).code).toBe('INTERRUPTED');
  });

  it('can be closed twice, and is used no more', async () => {
    await using lamps = await openLamps();
    await planOne(lamps);
    await lamps.subject.close();
    await lamps.subject.close();
    expect((await failureOf(planOne(lamps))).code).toBe('SUBJECT_CLOSED');
  });
});

describe('diagnosing', () => {
  it('tells what it finds, and never throws for it', async () => {
    await using lamps = await openLamps();
    expect(await lamps.subject.diagnose()).toEqual([
      { check: 'identity', state: 'ok', message: 'lamp-house house-1 answers.' },
    ]);
    await lamps.house.close();
    const [failed] = await lamps.subject.diagnose();
    expect(failed).toMatchObject({
      state: 'failed',
      remedy: { text: 'Knock again.' },
      facts: { knocks: 1 },
    });
  });

  it('tells of a plugin that cannot connect', async () => {
    await using lamps = await openLamps({ mischief: ['connect_throws'] });
    const [failed] = await lamps.subject.diagnose();
    expect(failed).toMatchObject({ check: 'connection of home', state: 'failed' });
  });
});

function cyclic(): object {
  const one: Record<string, unknown> = { lamp_id: 1 };
  one['self'] = one;
  return one;
}

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return { lamp_id: value };
}
