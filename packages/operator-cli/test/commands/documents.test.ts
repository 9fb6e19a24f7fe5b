import { describe, expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';

const house = useHouse();

type Json = Record<string, unknown>;

async function json(argv: readonly string[]): Promise<{ exitCode: number; document: Json }> {
  const { exitCode, stdout } = await house.operator([...argv, '--output', 'json']);
  // Exactly one document: anything else on stdout would not parse.
  return { exitCode, document: JSON.parse(stdout) as Json };
}

async function lines(argv: readonly string[]): Promise<{ exitCode: number; lines: Json[] }> {
  const { exitCode, stdout } = await house.operator([...argv, '--output', 'ndjson']);
  expect(stdout.endsWith('\n')).toBe(true);
  const parsed = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
  return { exitCode, lines: parsed };
}

const LAMP_ID = {
  type: 'integer',
  description: 'Which lamp',
  required: true,
  minimum: 1,
  maximum: 99,
  entity: 'lamp',
};
const SWITCH = ['switch_lamp', '--lamp-id', '1'];
const SYSTEM = { kind: 'house', id: '7462183643873562342', version: '3.1' };
const SUBJECT = { name: 'home', plugin: 'lamps', system: SYSTEM };
const REQUEST = {
  purpose: 'throw the switch',
  protocol: 'http',
  method: 'POST',
  path: '/lamps/1',
  body: '{"on":true}',
};
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u) as unknown;
const NUMBER = expect.any(Number) as unknown;
const TEXT = expect.any(String) as unknown;

describe('--output json: one document', () => {
  it('of subjects', async () => {
    expect(await json(['subjects'])).toEqual({
      exitCode: 0,
      document: {
        format: 'operator.subjects/1',
        configPath: TEXT,
        subjects: [{ name: 'home', plugin: TEXT, issues: [], line: 2, column: 3, isDefault: true }],
      },
    });
  });

  it('of actions', async () => {
    const { document } = await json(['actions']);
    expect(document).toMatchObject({
      format: 'operator.actions/1',
      subject: 'home',
      actions: [
        { name: 'switch_lamp' },
        { name: 'burn_down' },
        { name: 'hold_lamp' },
        { name: 'release_lamp' },
      ],
    });
    const { document: action } = await json(['actions', 'switch_lamp']);
    expect(action).toEqual({
      format: 'operator.action/1',
      name: 'switch_lamp',
      description: 'Switch a lamp on or off',
      parameters: {
        lamp_id: LAMP_ID,
        on: {
          type: 'boolean',
          description: 'Whether it shall shine',
          required: false,
          default: true,
        },
        deadline_ms: {
          type: 'integer',
          description: 'How long it may take',
          required: false,
          default: 5000,
          minimum: 1,
        },
        tags: {
          type: 'array',
          description: 'Notes for the protocol',
          required: false,
          schema: expect.objectContaining({ type: 'array', items: { type: 'string' } }),
        },
      },
      parametersSchema: expect.objectContaining({ type: 'object', additionalProperties: false }),
      riskLevel: 'medium',
      requiresApproval: false,
      hints: { idempotent: true, destructive: false },
    });
  });

  it('of observations and of what is observed', async () => {
    const { document } = await json(['observations']);
    expect(document).toMatchObject({
      format: 'operator.observations/1',
      subject: 'home',
      observations: [{ name: 'lamps' }, { name: 'lamp' }, { name: 'raw' }],
    });
    expect((await json(['observe', 'lamps', '--no-on'])).document).toEqual({
      format: 'operator.observation/1',
      subject: 'home',
      observation: 'lamps',
      parameters: { on: false },
      readAt: TIME,
      value: {
        house: 'red',
        lamps: [
          { id: 1, on: false, memory: 1536, nested: { load: 0.1 } },
          { id: 3, on: false, memory: 40, nested: { load: 0.3 } },
        ],
      },
    });
  });

  it('of a plan: the plan itself, ready to be kept', async () => {
    const { exitCode, document } = await json(['plan', ...SWITCH]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      format: 'operator.plan/1',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u),
      subject: SUBJECT,
      action: 'switch_lamp',
      parameters: { lamp_id: 1, on: true, deadline_ms: 5000 },
      requests: [REQUEST],
    });
  });

  it('of nothing to do', async () => {
    for (const command of ['plan', 'run']) {
      expect(await json([command, 'switch_lamp', '--lamp-id', '2'])).toEqual({
        exitCode: 0,
        document: {
          format: 'operator.nothing_to_do/1',
          subject: SUBJECT,
          action: 'switch_lamp',
          parameters: { lamp_id: 2, on: true, deadline_ms: 5000 },
          state: 'nothing_to_do',
          summary: 'Lamp 2 is on already.',
          facts: { on: true },
        },
      });
    }
  });

  it('of a run', async () => {
    const { exitCode, document } = await json(['run', ...SWITCH, '--yes']);
    expect(exitCode).toBe(0);
    expect(document).toEqual({
      condition: null,
      format: 'operator.run/1',
      subject: SUBJECT,
      action: 'switch_lamp',
      parameters: { lamp_id: 1, on: true, deadline_ms: 5000 },
      runId: TEXT,
      state: 'succeeded',
      summary: 'Lamp 1 is on.',
      plan: expect.objectContaining({ format: 'operator.plan/1' }),
      requests: [
        {
          request: { ...REQUEST, target: [expect.stringMatching(/^http:\/\/127/u)] },
          result: { outcome: 'accepted', status: 200, answer: 'The switch is being thrown.' },
        },
      ],
      answerLost: false,
      verification: {
        state: 'reached',
        summary: 'Lamp 1 is on.',
        facts: { reached: true },
        progress: { done: 1, total: 1, of: 'lamps' },
      },
      refusal: null,
      sentAt: TIME,
      endedAt: TIME,
      elapsedMs: NUMBER,
      lease: null,
      error: null,
      next: [],
      nextCommand: null,
    });
  });

  it('of a run that was not proven: still the run, with its error in it', async () => {
    house.lamps.mood = 'stuck';
    const { exitCode, document } = await json(['run', ...SWITCH, '--yes', '--deadline-ms', '200']);
    expect(exitCode).toBe(9);
    expect(document).toMatchObject({
      format: 'operator.run/1',
      state: 'unknown',
      error: { code: 'NOT_VERIFIED', retryable: false },
      nextCommand: 'operator runs recover',
    });
  });

  it('of looking for an effect', async () => {
    expect(await json(['verify', 'switch_lamp', '--lamp-id', '2'])).toEqual({
      exitCode: 0,
      document: {
        format: 'operator.verification/1',
        subject: 'home',
        action: 'switch_lamp',
        parameters: { lamp_id: 2 },
        state: 'succeeded',
        summary: 'Lamp 2 is on.',
        verification: expect.objectContaining({ state: 'reached' }),
        elapsedMs: NUMBER,
        error: null,
      },
    });
    const { exitCode, document } = await json(['verify', ...SWITCH]);
    expect(exitCode).toBe(9);
    expect(document).toMatchObject({ state: 'unknown', error: { code: 'NOT_VERIFIED' } });
  });

  it('of the doctor', async () => {
    expect(await json(['doctor'])).toEqual({
      exitCode: 0,
      document: {
        format: 'operator.doctor/1',
        ok: true,
        findings: [
          { subject: null, check: 'configuration', state: 'ok', message: TEXT },
          { subject: null, check: 'policy', state: 'ok', message: TEXT },
          { subject: null, check: 'ledger', state: 'ok', message: TEXT },
          { subject: 'home', check: 'plugin', state: 'ok', message: TEXT },
          { subject: 'home', check: TEXT, state: 'ok', message: 'It answers, version 3.1.' },
          {
            subject: 'home',
            check: 'fuses',
            state: 'warning',
            message: 'One fuse is old.',
            remedy: 'Call an electrician.',
          },
        ],
      },
    });
  });

  it('of errors, refusals and missing confirmation', async () => {
    expect(await json(['run', 'switch_lamp', '--lamp-id', '9'])).toEqual({
      exitCode: 5,
      document: {
        format: 'operator.error/1',
        error: {
          code: 'LAMP_UNKNOWN',
          kind: 'refused',
          message: 'There is no lamp 9.',
          remedy: 'See `operator observe lamps`.',
          next: [{ operation: 'observe', observation: 'lamps' }],
          facts: { lampId: 9, lamps: [1, 2, 3] },
          retryable: false,
        },
      },
    });
    expect(await json(['run', ...SWITCH])).toMatchObject({
      exitCode: 6,
      document: {
        error: { code: 'CONFIRMATION_MISSING', facts: { plan: { format: 'operator.plan/1' } } },
      },
    });
    expect(await json(['rum'])).toMatchObject({
      exitCode: 2,
      document: { error: { code: 'COMMAND_LINE_INVALID', facts: { problems: [TEXT] } } },
    });
    await house.lamps.stop();
    expect(await json(['plan', ...SWITCH])).toMatchObject({
      exitCode: 10,
      document: { error: { code: 'HOUSE_UNREACHABLE', retryable: true } },
    });
  });

  it('of help and version', async () => {
    expect((await json(['--help'])).document).toEqual({ format: 'operator.help/1', text: TEXT });
    expect((await json(['--version'])).document).toEqual({
      format: 'operator.version/1',
      version: TEXT,
    });
  });
});

describe('--output ndjson: one document a line', () => {
  it('of lists: one for each', async () => {
    const formats = async (...argv: string[]) =>
      (await lines(argv)).lines.map((line) => [line['format'], line['name'] ?? line['check']]);
    expect(await formats('subjects')).toEqual([['operator.subject/1', 'home']]);
    expect(await formats('actions')).toEqual([
      ['operator.action/1', 'switch_lamp'],
      ['operator.action/1', 'burn_down'],
      ['operator.action/1', 'hold_lamp'],
      ['operator.action/1', 'release_lamp'],
    ]);
    expect(await formats('observations')).toEqual([
      ['operator.observation_definition/1', 'lamps'],
      ['operator.observation_definition/1', 'lamp'],
      ['operator.observation_definition/1', 'raw'],
    ]);
    expect((await formats('doctor')).map(([format]) => format)).toEqual(
      Array.from({ length: 6 }, () => 'operator.finding/1'),
    );
  });

  it('of an observation: what is not rows first, then the rows', async () => {
    expect((await lines(['observe', 'lamps', '--on'])).lines).toEqual([
      {
        format: 'operator.observation/1',
        subject: 'home',
        observation: 'lamps',
        parameters: { on: true },
        readAt: TIME,
        value: { house: 'red' },
      },
      {
        format: 'operator.observation_row/1',
        observation: 'lamps',
        row: {
          id: 2,
          on: true,
          memory: { unknown: 'the lamp has no meter' },
          nested: { load: 0.2 },
        },
      },
    ]);
    expect((await lines(['observe', 'raw'])).lines).toMatchObject([{ value: { lamps: 3 } }]);
  });

  it('of a run: the plan, every event, the run', async () => {
    house.lamps.looksUntilDone = 0;
    const { exitCode, lines: all } = await lines(['run', ...SWITCH, '--yes']);
    expect(exitCode).toBe(0);
    const kinds = all.map(({ format, kind }) => [format, kind].filter(Boolean).join(' '));
    // The effect is looked at as often as it takes.
    const seen = kinds.filter((kind, index) => kind !== kinds[index - 1]);
    expect(seen.slice(0, 10)).toEqual([
      'operator.plan/1',
      'operator.run_event/1 recorded',
      'operator.run_event/1 decided',
      'operator.run_event/1 rechecked',
      'operator.run_event/1 claimed',
      'operator.run_event/1 sending',
      'operator.run_event/1 intended',
      'operator.run_event/1 sent',
      'operator.run_event/1 verifying',
      'operator.run_event/1 settling',
    ]);
    expect(kinds.at(-1)).toBe('operator.run/1');
    const events = all.filter(({ format }) => format === 'operator.run_event/1');
    expect(new Set(events.map(({ runId }) => runId))).toEqual(new Set([all.at(-1)?.['runId']]));
  });

  it('of verifying: every look, then what it came to', async () => {
    const { lines: all } = await lines(['verify', 'switch_lamp', '--lamp-id', '2']);
    expect(all).toMatchObject([
      { format: 'operator.verify_event/1', kind: 'verifying', at: TIME },
      { format: 'operator.verification/1', state: 'succeeded' },
    ]);
  });

  it('of an error: one line', async () => {
    const { exitCode, lines: all } = await lines(['plan', 'switch_lamp', '--lamp-id', '9']);
    expect(exitCode).toBe(5);
    expect(all).toMatchObject([{ format: 'operator.error/1', error: { code: 'LAMP_UNKNOWN' } }]);
  });
});
