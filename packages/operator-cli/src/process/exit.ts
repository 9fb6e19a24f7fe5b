import { EXIT_CODES } from '../errors/exit-code.ts';

/** The exit code of this process: only the command line decides it. */
export class ProcessExit {
  #exitCode: number | null = null;

  /**
   * From now on, a process that ends before an exit code was chosen ends with the one that
   * `report` answers: `process.exit(0)` in a plugin would otherwise say that a change is done.
   */
  refuseOthers(report: (exitCode: number) => number): void {
    process.once('exit', (exitCode) => {
      process.exitCode = this.#exitCode ?? report(exitCode);
    });
  }

  /** Marks the command as finished. */
  choose(exitCode: number): void {
    this.#exitCode = exitCode;
  }

  /** Something went wrong afterwards: counts where everything was well before. */
  worsen(exitCode: number): void {
    this.#exitCode ||= exitCode;
  }

  /** Ends the process. */
  leave(): never {
    process.exit(this.#exitCode ?? EXIT_CODES.bug);
  }
}
