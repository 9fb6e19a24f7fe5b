// A process of its own on the configuration of a test. It says where it stands before and after
// whatever it writes, and goes on only when it is told to: so it can be killed at every point.
import { flushCompileCache } from 'node:module';
import { OperatorError } from 'operator-core';
import { openEngine } from 'operator-engine';
import type { Engine, Ledger, RunEvent } from 'operator-engine';
import { createClock } from './clocks.ts';
import type { FromWorker, Step, ToWorker, WorkerTask } from './worker-task.ts';
import { walk } from './walk.ts';

const waiting = new Map<number, () => void>();
let asked = 0;

function say(message: FromWorker): void {
  process.send?.(message);
}

/** Until the parent says go. */
async function stand(label: string): Promise<void> {
  asked += 1;
  const number = asked;
  await new Promise<void>((resolve) => {
    waiting.set(number, resolve);
    say({ kind: 'at', number, label });
  });
}

/** What only reads, and what heartbeats do in the background, changes no run. */
const NO_POINTS: readonly string[] = [
  'get',
  'list',
  'events',
  'pending',
  'due',
  'abandoned',
  'signals',
  'beat',
  'constructor',
];

/** Lets every write of the ledger begin and end with a point. */
function instrument(ledger: Ledger): void {
  for (const name of ['runs', 'approvals', 'leases', 'runners', 'mode'] as const) {
    const group: object = ledger[name];
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(group))) {
      const original: unknown = Reflect.get(group, method);
      if (NO_POINTS.includes(method) || typeof original !== 'function') continue;
      const label = `${name}.${method}`;
      const wrapped = async (...given: readonly unknown[]): Promise<unknown> => {
        await stand(`before ${label}`);
        const answer: unknown = await Reflect.apply(original, group, given);
        await stand(`after ${label}`);
        return answer;
      };
      Object.defineProperty(group, method, { value: wrapped });
    }
  }
}

interface Desk {
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly task: WorkerTask;
  /** The run of the step before. */
  runId: string;
}

async function drain(
  desk: Desk,
  events: AsyncGenerator<RunEvent, unknown>,
  step: { readonly endAt?: RunEvent['kind']; readonly cancelAt?: RunEvent['kind'] } = {},
): Promise<void> {
  let isCancelled = false;
  for await (const event of events) {
    desk.runId = event.runId;
    if (desk.task.pace === 'asked') await stand(`event ${event.kind}`);
    say({ kind: 'event', event: event.kind, runId: event.runId });
    if (event.kind === step.endAt) return;
    if (event.kind === step.cancelAt && !isCancelled) {
      isCancelled = true;
      const by = { kind: 'person', name: 'bob' } as const;
      await desk.ledger.runs.cancel(event.runId, { by, reason: 'enough' });
    }
    if (event.kind === 'finished') {
      const { state, error } = event.result;
      say({ kind: 'result', runId: event.runId, state, code: error?.code ?? null });
    }
  }
}

/** What is thrown is told, and the next is begun. */
async function tolerate(doing: Promise<void>): Promise<void> {
  try {
    await doing;
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    const { code, message, facts } = error;
    const runId = typeof facts['runId'] === 'string' ? facts['runId'] : null;
    say({ kind: 'thrown', code, message, runId });
  }
}

/** Most times that one thing is asked for while the machine is too busy to answer in time. */
const MOST_TRIES = 5;

/** Does it again, as a person would, as long as PD's simulator is too slow to say which cluster it is. */
async function askAgain(doing: () => Promise<void>, triesLeft = MOST_TRIES): Promise<void> {
  try {
    await doing();
  } catch (error) {
    const isSlow = OperatorError.isInstance(error) && error.code === 'PD_TIMEOUT';
    if (!isSlow || triesLeft <= 1) throw error;
    await askAgain(doing, triesLeft - 1);
  }
}

async function take(desk: Desk, step: Step): Promise<void> {
  const { engine, ledger } = desk;
  const by = { kind: 'person', name: 'ada' } as const;
  const runId = 'runId' in step ? step.runId : desk.runId;
  switch (step.do) {
    case 'request': {
      const subject = await engine.openSubject();
      desk.runId = (await subject.submit(step.plan)).run.id;
      return;
    }
    case 'create': {
      const { plan } = step;
      desk.runId = (await ledger.runs.create({ plan, requester: by, expiresInMs: 1_000 })).run.id;
      return;
    }
    case 'apply': {
      const subject = await engine.openSubject();
      const { plan, leaseMs } = step;
      await drain(desk, subject.apply(plan, { leaseMs, patienceMs: step.patienceMs }), step);
      return;
    }
    case 'race': {
      const subject = await engine.openSubject();
      const { patienceMs } = step;
      await Promise.all(
        step.plans.map((plan) =>
          tolerate(askAgain(() => drain(desk, subject.apply(plan, { patienceMs })))),
        ),
      );
      return;
    }
    case 'resume':
      return drain(desk, engine.runs.resume(runId));
    case 'follow':
      return drain(desk, engine.runs.follow(runId));
    case 'approve': {
      const { digest } = await engine.runs.get(runId);
      await engine.approvals.approve(runId, { digest });
      return;
    }
    case 'reject':
      await engine.approvals.reject(runId, { reason: 'not today' });
      return;
    case 'cancel':
      await engine.runs.cancel(runId, { reason: 'enough' });
      return;
    case 'undo': {
      const { subject, plan, purpose } = await engine.runs.planUndo(runId);
      return drain(desk, subject.apply(plan, { purpose }));
    }
    case 'end_lease':
      await engine.leases.end(runId, { reason: 'done with it' });
      return;
    case 'recover':
      await engine.runs.recover();
      return;
    case 'expire':
      await ledger.runs.expire(by);
      return;
    case 'walk':
      return walk(ledger, step);
    case 'watch': {
      const stop = new AbortController();
      for await (const told of engine.watch({ signal: stop.signal })) {
        say({ kind: 'watch', event: told.kind });
        if (told.kind === step.until) stop.abort();
      }
    }
  }
}

async function work(task: WorkerTask): Promise<void> {
  const { directory, limits, ledgerLimits, behindMs, boot } = task;
  const engine = await openEngine({
    cwd: directory,
    env: {},
    hostUrl: import.meta.url,
    actor: { kind: 'person', name: task.actor },
    limits,
    ledgerLimits,
    ...(boot === null ? {} : { ledgerClock: createClock({ behindMs, boot }) }),
  });
  const ledger = await engine.openLedger();
  if (task.pace === 'asked') instrument(ledger);
  const desk: Desk = { engine, ledger, task, runId: '' };
  try {
    for (const step of task.steps) await tolerate(take(desk, step));
  } finally {
    await engine.close();
  }
  say({ kind: 'done' });
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'go') {
    waiting.get(message.number)?.();
    waiting.delete(message.number);
    return;
  }
  work(message.task)
    .catch((error: unknown) => {
      say({ kind: 'thrown', code: null, message: String(error), runId: null });
    })
    .finally(() => {
      process.disconnect();
    });
});
// The plugin is loaded again by the engine: here it is only made ready.
await import(process.argv[2] ?? '');
// The test has ended, or has received all messages.
process.once('disconnect', () => {
  process.exit();
});
// A killed process does not write its compile cache, and the next ones need it.
flushCompileCache();
say({ kind: 'ready' });
