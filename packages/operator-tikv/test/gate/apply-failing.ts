import type { Arena } from './arena.ts';
import { pace } from './crash.ts';
import { BEFORE } from './scenarios.ts';
import { startWorker } from './start-worker.ts';
import type { Worker } from './start-worker.ts';
import type { FromWorker } from './worker-task.ts';

/** The process sends its points one by one to the test, which takes a minute on a busy machine. */
export const LONG = 300_000;

/** The change that the process applies: region 9 is led by another store. */
export const LEADER = { region_id: 9, to_store_id: '3' } as const;

/** Messages of a process that applies a plan, when the ledger fails it from a moment on. */
export async function applyFailing(
  arena: Arena,
  moment: string,
  fail: (worker: Worker) => void | Promise<void>,
): Promise<readonly FromWorker[]> {
  const plan = await arena.plan(await arena.engine(BEFORE), 'transfer_leader', LEADER);
  const worker = startWorker(arena.task([{ do: 'apply', plan }], BEFORE, 'asked'));
  let hasFailed = false;
  const endsAt = performance.now() + LONG / 2;
  await pace(worker, async (point) => {
    if (point.kind === 'code' && point.label === moment && !hasFailed) {
      hasFailed = true;
      await fail(worker);
    }
    return performance.now() < endsAt;
  });
  if (!hasFailed)
    throw new Error(`it never came to ${moment}: ${JSON.stringify(worker.said).slice(-1500)}`);
  return worker.said;
}

/** The code by which a process said that it failed; `null` when it did not. */
export function codeOf(said: readonly FromWorker[]): string | null {
  const codes = said.map((one) =>
    one.kind === 'thrown' || one.kind === 'result' ? one.code : null,
  );
  return codes.find((code) => code !== null) ?? null;
}
