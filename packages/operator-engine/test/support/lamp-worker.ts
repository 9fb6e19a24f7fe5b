// A process of its own on the configuration of a test: it can be killed or frozen at any event.
import { openEngine } from 'operator-engine';
import type { EngineOptions, SubmitOptions, RunEvent } from 'operator-engine';
import type { Plan } from 'operator-core';

/** What a worker is told to do, as JSON in its last argument. */
export interface WorkerTask {
  readonly directory: string;
  readonly options: Pick<EngineOptions, 'limits' | 'ledgerLimits'>;
  readonly do: 'apply' | 'watch';
  readonly plan?: Plan;
  readonly leaseMs?: number;
  readonly until?: SubmitOptions['until'];
  /** At which event, and by which signal, it ends or freezes itself. */
  readonly at?: { readonly kind: RunEvent['kind']; readonly index?: number };
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
}

function say(told: object): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

async function apply(task: WorkerTask, engine: Awaited<ReturnType<typeof openEngine>>) {
  const subject = await engine.openSubject();
  const { plan, at, leaseMs, until, signal = 'SIGKILL' } = task;
  if (plan === undefined) throw new Error('there is no plan');
  for await (const event of subject.apply(plan, { leaseMs, until })) {
    say({ kind: event.kind, runId: event.runId });
    const isHere = event.kind === at?.kind;
    const isThis = at?.index === undefined || ('index' in event && event.index === at.index);
    if (isHere && isThis) process.kill(process.pid, signal);
    if (event.kind === 'finished') {
      const { state, error } = event.result;
      say({ state, code: error?.code ?? null });
    }
  }
}

async function work(task: WorkerTask): Promise<void> {
  const engine = await openEngine({
    cwd: task.directory,
    env: {},
    hostUrl: import.meta.url,
    actor: { kind: 'person', name: 'ada' },
    ...task.options,
  });
  const stop = new AbortController();
  process.once('SIGTERM', () => {
    stop.abort();
  });
  try {
    if (task.do === 'apply') await apply(task, engine);
    else for await (const event of engine.watch({ signal: stop.signal })) say(event);
  } catch (error) {
    say({ thrown: String(error), code: (error as { code?: string }).code ?? null });
  } finally {
    await engine.close();
  }
}

await work(JSON.parse(process.argv[2] ?? '{}') as WorkerTask);
