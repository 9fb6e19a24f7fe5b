import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from 'operator-test-programs';
import { PLUGIN } from './site.ts';
import type { FromWorker, ToWorker, WorkerTask } from './worker-task.ts';

const script = bundleProgram(new URL('worker.ts', import.meta.url));
/** Starting is most of what a process costs that is killed soon. */
const cache = mkdtempSync(join(tmpdir(), 'operator-gate-cache-'));
process.once('exit', () => {
  rmSync(cache, { recursive: true, force: true });
});

/** A process that works beside the test. */
export class Worker {
  /** Everything it has said. */
  readonly said: FromWorker[] = [];
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #wake: () => void = () => undefined;
  #isGone = false;

  constructor() {
    // Through a shell that ignores the signal by which a process dies whose file may not grow.
    const args = ['-c', `trap '' XFSZ; exec "$@"`, 'sh', process.execPath, script, PLUGIN];
    this.#child = spawn('sh', args, {
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => {
      this.said.push(message as FromWorker);
      this.#wake();
    });
    this.#gone = this.#end();
  }

  begin(task: WorkerTask): void {
    this.#tell({ kind: 'task', task });
  }

  /** Lets it go on from where it stands. */
  go(number: number): void {
    this.#tell({ kind: 'go', number });
  }

  /** What it says after the first `after` messages; `null` when it is gone and says no more. */
  async next(after: number): Promise<FromWorker | null> {
    for (;;) {
      const message = this.said[after];
      if (message !== undefined) return message;
      if (this.#isGone) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** From now on no file of the process grows beyond so many bytes: for it, the disk is full. */
  limitFiles(bytes: number): void {
    const args = ['--pid', String(this.#child.pid), `--fsize=${bytes}:`];
    const { status, stderr } = spawnSync('prlimit', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`prlimit failed: ${stderr}`);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.#isGone) this.#child.kill(signal);
    await this.#gone;
  }

  /** Until it has ended by itself. */
  async ended(): Promise<void> {
    await this.#gone;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async #end(): Promise<void> {
    await once(this.#child, 'exit');
    this.#isGone = true;
    this.#wake();
  }

  #tell(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

/** Starts a process and gives it its task. */
export function startWorker(task: WorkerTask): Worker {
  const worker = new Worker();
  worker.begin(task);
  return worker;
}
