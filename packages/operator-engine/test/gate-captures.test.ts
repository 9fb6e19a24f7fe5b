import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openPlugin } from './support/open-plugin.ts';
import type { OpenPlugin } from './support/open-plugin.ts';
import { Recorder } from './support/recorder.ts';
import { startWorker } from './support/start-worker.ts';
import { untilAbandoned } from './support/until-abandoned.ts';

const PLUGIN = new URL('support/requests-plugin.ts', import.meta.url);
const CAPTURE = { name: 'member_id', at: '/member/ID', pattern: '[0-9]+' };
const ADD = {
  purpose: 'add a member',
  method: 'POST',
  path: '/members',
  body: '{"peer":"a"}',
  captures: [CAPTURE],
};
const PROMOTE = {
  purpose: 'promote it',
  method: 'POST',
  path: '/members/${captured:member_id}/promote',
  body: '{"ID":"${captured:member_id}"}',
};
const UNDO = '${captured:member_id}';

async function open(recorder: Recorder, answer: unknown): Promise<OpenPlugin> {
  recorder.reply = ({ path, method }) =>
    method === 'POST' && path === '/members' ? { body: answer } : undefined;
  return openPlugin(PLUGIN, { url: recorder.url });
}

describe('a value of an earlier answer', () => {
  it('is put into later requests, verification, the record and the undo', async () => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder, { member: { ID: '77' } });
    const parameters = { requests: [ADD, PROMOTE], undo: UNDO };
    const plan = await opened.plan('send_these', parameters);
    expect(plan.requests[1]).toMatchObject({ path: PROMOTE.path, body: PROMOTE.body });
    const { result } = await drain(opened.subject.apply(plan));
    expect(result).toMatchObject({
      state: 'succeeded',
      requests: [{ result: { captured: { member_id: '77' } } }, {}],
      verification: { facts: { captured: { member_id: '77' } } },
    });
    expect(recorder.changes.map(({ path, body }) => [path, body.toString()])).toEqual([
      ['/members', '{"peer":"a"}'],
      ['/members/77/promote', '{"ID":"77"}'],
    ]);
    const run = await opened.engine.runs.get(result.runId);
    expect(run.requests[0]?.result).toMatchObject({ captured: { member_id: '77' } });
    const undo = await opened.engine.runs.planUndo(result.runId);
    expect(undo.plan.parameters).toEqual({ id: '77' });
    const undone = await drain(undo.subject.apply(undo.plan, { purpose: undo.purpose }));
    expect(undone.result.state).toBe('succeeded');
    expect(recorder.changes.at(-1)?.path).toBe('/members/77');
  });

  it('may be a whole number, and the whole answer as a text', async () => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder, { member: { ID: 12 } });
    const { result } = await drain(
      opened.subject.apply(await opened.plan('send_these', { requests: [ADD, PROMOTE] })),
    );
    expect(result.state).toBe('succeeded');
    expect(recorder.changes.at(-1)?.path).toBe('/members/12/promote');
  });

  it.each([
    [{ member: {} }, /the answer has no \/member\/ID/u],
    [{ member: { ID: 'x1' } }, /"x1" does not match \[0-9\]\+/u],
    [{ member: { ID: '12\n' } }, /does not match/u],
    [{ member: { ID: 2 ** 64 } }, /is no text and no whole number/u],
    [{ member: { ID: { a: 1 } } }, /is no text and no whole number/u],
    [[], /the answer has no/u],
  ])('ends the run before the next request when the answer is %j', async (answer, message) => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder, answer);
    const plan = await opened.plan('send_these', { requests: [ADD, PROMOTE], undo: UNDO });
    const { result } = await drain(opened.subject.apply(plan));
    expect(result).toMatchObject({
      state: 'partly_done',
      error: {
        code: 'PARTLY_DONE',
        message: expect.stringMatching(message),
        facts: { because: { code: 'CAPTURE_FAILED' } },
      },
    });
    expect(recorder.changes).toHaveLength(1);
    const error = await failureOf(opened.engine.runs.planUndo(result.runId));
    expect(error).toMatchObject({
      code: 'UNDO_REFUSED',
      message: expect.stringContaining('member_id could not be taken from the answers'),
    });
  });

  it('does not affect the run when it is missing and only the undo needs it', async () => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder, { member: { ID: '77' } });
    const version = { name: 'version', at: '/member/version', pattern: '[0-9]+' };
    const add = { ...ADD, captures: [CAPTURE, version] };
    const undo = '${captured:version}';
    const plan = await opened.plan('send_these', { requests: [add, PROMOTE], undo });
    const { result } = await drain(opened.subject.apply(plan));
    expect(result).toMatchObject({
      state: 'succeeded',
      requests: [{ result: { captured: { member_id: '77' } } }, {}],
    });
    expect(recorder.changes.at(-1)?.path).toBe('/members/77/promote');
    const error = await failureOf(opened.engine.runs.planUndo(result.runId));
    expect(error).toMatchObject({
      code: 'UNDO_REFUSED',
      message: expect.stringContaining('version could not be taken from the answers'),
    });
  });

  it('does not explain another failure of the run when only the undo lacks it', async () => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder, {});
    const later = { purpose: 'start it', method: 'POST', path: '/refused', body: null };
    const plan = await opened.plan('send_these', { requests: [ADD, later], undo: UNDO });
    recorder.reply = ({ path }) => (path === '/refused' ? { status: 400, body: 'no' } : undefined);
    const { result } = await drain(opened.subject.apply(plan));
    expect(result).toMatchObject({
      state: 'partly_done',
      error: { facts: { because: { code: 'REFUSED_BY_SYSTEM' } } },
    });
  });

  it('is known to the undo in another process when the run died after the answer', async () => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder, { member: { ID: '77' } });
    const plan = await opened.plan('send_these', { requests: [ADD, PROMOTE], undo: UNDO });
    const at = { kind: 'sent', index: 0 } as const;
    const worker = startWorker(opened.directory, { do: 'apply', plan, at });
    await worker.gone;
    const runId = String(worker.told[0]?.['runId']);
    await untilAbandoned(opened, runId);
    expect(await opened.engine.runs.recover()).toMatchObject([{ runId, state: 'partly_done' }]);
    expect(recorder.changes).toHaveLength(1);
    const undo = await opened.engine.runs.planUndo(runId);
    expect(undo.plan.parameters).toEqual({ id: '77' });
  });

  it.each([
    [{ requests: [PROMOTE] }, /request 1 needs member_id, which no earlier one captures/u],
    [{ requests: [ADD, ADD] }, /request 2 captures member_id again/u],
    [
      { requests: [ADD], undo: '${captured:other}' },
      /its inverse needs other, which is not captured/u,
    ],
    [
      { requests: [{ ...ADD, captures: [{ ...CAPTURE, pattern: '(' }] }] },
      /pattern: is no regular/u,
    ],
    [
      { requests: [{ ...ADD, captures: [{ ...CAPTURE, at: 'a' }] }] },
      /at: must be a JSON Pointer/u,
    ],
    [{ requests: [ADD], undo: 'seven' }, /its inverse remove: id/u],
  ])('is refused when planning where it cannot be: %j', async (parameters, message) => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder, {});
    const error = await failureOf(opened.plan('send_these', parameters));
    expect(error).toMatchObject({
      code: 'PLUGIN_MISBEHAVED',
      message: expect.stringMatching(message),
    });
  });
});
