import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';

/** Counts the calls of functions by V8's own record, so that no module has to be replaced for a test. */
export class CallCounter implements AsyncDisposable {
  readonly #session = new Session();
  readonly #counts = new Map<string, number>();

  /** A counter of all calls from now on. */
  static async start(): Promise<CallCounter> {
    const counter = new CallCounter();
    counter.#session.connect();
    await counter.#session.post('Profiler.enable');
    await counter.#session.post('Profiler.startPreciseCoverage', { callCount: true });
    return counter;
  }

  /** Number of calls of the function `name` in the file that ends with `file`, since the start. */
  async count(file: string, name: string): Promise<number> {
    await this.#take();
    return this.#counts.get(`${file} ${name}`) ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  /** Adds the calls since the last record: V8 starts again from zero each time. */
  async #take(): Promise<void> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    for (const script of result) this.#add(script);
  }

  #add({ url, functions }: Profiler.ScriptCoverage): void {
    const file = url.split('/').at(-1) ?? '';
    for (const { functionName, ranges } of functions) {
      const key = `${file} ${functionName}`;
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + (ranges[0]?.count ?? 0));
    }
  }
}
