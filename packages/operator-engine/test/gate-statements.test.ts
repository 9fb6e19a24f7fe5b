import type { Exchange } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { ALLOW_ALL } from './support/open-lamps.ts';
import { openPlugin } from './support/open-plugin.ts';
import type { OpenPlugin } from './support/open-plugin.ts';
import { startWorker } from './support/start-worker.ts';
import type { Manner } from './support/tally-plugin.ts';
import { TallyServer } from './support/tally-server.ts';
import { untilAbandoned } from './support/until-abandoned.ts';

const GUARDED = new URL('support/tally-plugin.ts', import.meta.url);
const UNGUARDED = new URL('support/tally-unguarded-plugin.ts', import.meta.url);
const ADD = { name: 'a', amount: 5 };

async function openTally(
  server: TallyServer,
  manner: Manner = 'spends',
  { plugin = GUARDED, ...options }: Parameters<typeof openPlugin>[2] & { plugin?: URL } = {},
): Promise<OpenPlugin> {
  return openPlugin(plugin, { port: server.port, manner }, options);
}

describe('a statement of another protocol than HTTP', () => {
  it('is planned as data, sent once, proven, traced and undone', async () => {
    await using server = await new TallyServer().open();
    const exchanges: Exchange[] = [];
    await using opened = await openTally(server, 'spends', {
      onExchange: (exchange) => exchanges.push(exchange),
    });
    const plan = await opened.plan('add', ADD);
    expect(plan.requests).toEqual([
      {
        purpose: 'add',
        protocol: 'tally',
        statement: ['ADD', 'a', '5'],
        text: 'ADD a 5',
        target: [],
      },
    ]);
    expect(plan.subject.guard).toBeUndefined();
    expect(server.additions).toEqual([]);
    const { result } = await drain(opened.subject.apply(plan));
    expect(result).toMatchObject({
      state: 'succeeded',
      answerLost: false,
      requests: [{ result: { outcome: 'accepted', answer: 'OK' } }],
    });
    expect(server.additions).toEqual(['ADD a 5']);
    expect(exchanges).toMatchObject([{ protocol: 'tally', text: 'ADD a 5', answer: 'OK' }]);
    const undo = await opened.engine.runs.planUndo(result.runId);
    await drain(undo.subject.apply(undo.plan, { purpose: undo.purpose }));
    expect(server.additions).toEqual(['ADD a 5', 'ADD a -5']);
  });

  it('is not done when the system refuses it', async () => {
    await using server = await new TallyServer().open();
    server.onAdd = () => 'refuse';
    await using opened = await openTally(server);
    const { result } = await drain(opened.subject.apply(await opened.plan('add', ADD)));
    expect(result).toMatchObject({
      state: 'failed',
      summary: 'The system refused: NO it is closed',
      error: { code: 'REFUSED_BY_SYSTEM' },
    });
  });

  it('is not sent a second time when the plugin spends it twice', async () => {
    await using server = await new TallyServer().open();
    await using opened = await openTally(server, 'spends_twice');
    const { result } = await drain(opened.subject.apply(await opened.plan('add', ADD)));
    expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
    expect(server.additions).toEqual(['ADD a 5']);
  });

  it('is not sent when it is another one than the planned one', async () => {
    await using server = await new TallyServer().open();
    await using opened = await openTally(server, 'spends_another');
    const { result } = await drain(opened.subject.apply(await opened.plan('add', ADD)));
    expect(result).toMatchObject({ state: 'failed', error: { code: 'WRITE_WHILE_READING' } });
    expect(server.additions).toEqual([]);
  });

  it('is stopped outside of a spend, where the client asks the host', async () => {
    await using server = await new TallyServer().open();
    await using opened = await openTally(server, 'sends_bare');
    const { result } = await drain(opened.subject.apply(await opened.plan('add', ADD)));
    expect(result).toMatchObject({ state: 'failed', error: { code: 'WRITE_WHILE_READING' } });
    expect(server.additions).toEqual([]);
  });

  it('has an unknown result when it was sent past the host, and reading decides', async () => {
    await using server = await new TallyServer().open();
    await using opened = await openTally(server, 'sends_past_the_host');
    const { result } = await drain(opened.subject.apply(await opened.plan('add', ADD)));
    expect(result).toMatchObject({
      state: 'succeeded',
      answerLost: true,
      requests: [{ result: { reason: expect.stringContaining('without `host.spend`') } }],
    });
  });

  it.each(['plan_adds', 'plan_spends'] as const)(
    'cannot leave while planning, even when the plugin keeps the error to itself: %s',
    async (manner) => {
      await using server = await new TallyServer().open();
      await using opened = await openTally(server, manner);
      const error = await failureOf(opened.plan('add', ADD));
      expect(error.code).toBe('WRITE_WHILE_READING');
      expect(server.additions).toEqual([]);
    },
  );

  it('is not sent when the run was stopped before its turn came', async () => {
    await using server = await new TallyServer().open();
    await using opened = await openTally(server);
    const plan = await opened.plan('add', ADD);
    const running = drain(opened.subject.apply(plan), async ({ kind }) => {
      if (kind === 'intended') await opened.engine.mode.stop({ reason: 'a test', cancel: false });
    });
    expect(await failureOf(running)).toMatchObject({ code: 'STOPPED' });
    expect(server.additions).toEqual([]);
  });
});

describe('killed while a statement is sent', () => {
  it('between intent and sending: it is never sent', async () => {
    await using server = await new TallyServer().open();
    await using opened = await openTally(server);
    const plan = await opened.plan('add', ADD);
    const worker = startWorker(opened.directory, { do: 'apply', plan, at: { kind: 'intended' } });
    expect(await worker.gone).toBe('SIGKILL');
    const runId = String(worker.told[0]?.['runId']);
    await untilAbandoned(opened, runId);
    expect(await opened.engine.runs.recover()).toMatchObject([{ runId, state: 'unknown' }]);
    expect(server.additions).toEqual([]);
  });

  it('between sending and answer: it is found by reading and never sent twice', async () => {
    await using server = await new TallyServer().open();
    await using opened = await openTally(server);
    const plan = await opened.plan('add', ADD);
    const worker = startWorker(opened.directory, { do: 'apply', plan });
    server.onAdd = () => {
      worker.kill('SIGKILL');
      return 'silent';
    };
    expect(await worker.gone).toBe('SIGKILL');
    const runId = String(worker.told[0]?.['runId']);
    await untilAbandoned(opened, runId);
    expect(await opened.engine.runs.recover()).toMatchObject([{ runId, state: 'succeeded' }]);
    expect(server.additions).toEqual(['ADD a 5']);
  });
});

describe('a plugin that says `guard: none`', () => {
  it('is believed about what it sent, and plan and doctor say that it is not guarded', async () => {
    await using server = await new TallyServer().open();
    await using opened = await openTally(server, 'sends_past_the_host', { plugin: UNGUARDED });
    const plan = await opened.plan('add', ADD);
    expect(plan.subject.guard).toBe('none');
    expect(await opened.subject.diagnose()).toContainEqual(
      expect.objectContaining({ check: 'guard', state: 'warning' }),
    );
    const { result } = await drain(opened.subject.apply(plan));
    expect(result).toMatchObject({ state: 'succeeded', answerLost: false });
    expect(server.additions).toEqual(['ADD a 5']);
  });

  it('needs approval where a rule of the policy asks for it, and a guarded one does not', async () => {
    await using server = await new TallyServer().open();
    const rule =
      '  - { id: blind, when: { guard: none }, decision: needs_approval, reason: It is not guarded. }\n';
    const policy = ALLOW_ALL.replace('rules:\n', `rules:\n${rule}`);
    for (const [plugin, state] of [
      [UNGUARDED, 'awaiting_approval'],
      [GUARDED, 'approved'],
    ] as const) {
      await using opened = await openTally(server, 'spends', { plugin, policy });
      const { run } = await opened.subject.submit(await opened.plan('add', ADD));
      expect(run.state).toBe(state);
    }
  });
});
