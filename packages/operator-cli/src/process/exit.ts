import { EXIT_CODES } from '../errors/exit-code.ts';

/** The exit code of this process: only the command line decides it. */
export class ProcessExit {
  #exitCode: number | null = null;

  /**
   * Makes a process that ends before an exit code was chosen end with the code of `report`: `process.exit(0)`
   * in a plugin would otherwise report that a change is done.
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

  /** Sets the exit code for a later failure: it counts only when the command had succeeded. */
  worsen(exitCode: number): void {
    this.#exitCode ||= exitCode;
  }

  /** Ends the process. */
  leave(): never {
    process.exit(this.#exitCode ?? EXIT_CODES.bug);
  }
}
