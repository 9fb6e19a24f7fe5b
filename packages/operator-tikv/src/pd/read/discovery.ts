import { PDError } from '../wire/pd-error.ts';

/** Knows when the members have to be asked for. */
export class Discovery {
  #isDone = false;
  #running: Promise<void> | null = null;

  /** True when the members are known. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** The members are known now. */
  settle(): void {
    this.#isDone = true;
  }

  /** Something failed that the members may know more about: the next read asks them again. */
  invalidate(): void {
    this.#isDone = false;
  }

  /** Runs `ask`; calls that come meanwhile wait for the same run. */
  async ensure(ask: () => Promise<unknown>): Promise<void> {
    this.#running ??= this.#run(ask).finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #run(ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      if (!PDError.isInstance(error) || error.kind !== 'failed') throw error;
      // The server does not know its members: the read itself will show what it is.
      this.#isDone = true;
    }
  }
}
