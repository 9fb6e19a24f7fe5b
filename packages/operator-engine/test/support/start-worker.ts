import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bundleProgram } from 'operator-test-programs';
import type { WorkerTask } from './lamp-worker.ts';
import { QUICK, QUICK_LEDGER } from './open-lamps.ts';

type Told = Readonly<Record<string, unknown>>;

/** A process that changes lamps beside the test. */
export interface Worker {
  readonly pid: number;
  /** Everything it has said so far. */
  readonly told: readonly Told[];
  /** Until it has said something that fits. */
  said(isIt: (told: Told) => boolean): Promise<Told>;
  kill(signal: NodeJS.Signals): void;
  /** Until it is gone: by which signal, or with which code. */
  readonly gone: Promise<NodeJS.Signals | number | null>;
}

const script = bundleProgram(new URL('lamp-worker.ts', import.meta.url));

/** Starts a process. What is not given is as quick as in the other tests. */
export function startWorker(
  directory: string,
  task: Omit<WorkerTask, 'directory' | 'options'> & Partial<Pick<WorkerTask, 'options'>>,
): Worker {
  const options = { limits: QUICK, ledgerLimits: QUICK_LEDGER };
  const argument = JSON.stringify({ options, ...task, directory });
  const child = spawn(process.execPath, ['--conditions=@operator/source', script, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const one of waiting) one();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push(JSON.parse(line) as Told);
    wake();
  });
  const gone = once(child, 'close').then(([code, signal]) => {
    setImmediate(wake);
    return (signal ?? code) as NodeJS.Signals | number | null;
  });
  return {
    pid: child.pid ?? 0,
    told,
    gone,
    kill: (signal) => {
      child.kill(signal);
    },
    said: async (isIt) => {
      for (;;) {
        const found = told.find(isIt);
        if (found !== undefined) return found;
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`it is gone and has only said ${JSON.stringify(told)}`);
        }
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
    },
  };
}
