/** Time that a command has to report the state once the program has to end. */
const LEAVE_MS = 5_000;

/** An unhandled error: it comes from loaded code. */
export interface StrayError {
  readonly error: unknown;
}

/** The first unhandled error of this process. The program reports it and ends. */
export function catchStrayErrors(): Promise<StrayError> {
  const { promise, resolve } = Promise.withResolvers<StrayError>();
  const take = (error: unknown): void =>
    resolve({ error: error ?? new Error('Something undefined was thrown.') });
  process.on('uncaughtException', take);
  process.on('unhandledRejection', take);
  return promise;
}

/** The exit code of a command that is asked to stop; `null` when it does not stop in time. */
export async function untilLeft(running: Promise<number>): Promise<number | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(resolve, LEAVE_MS, null);
  });
  return Promise.race([running, late]);
}
