import { enableCompileCache } from 'node:module';
import { userInfo } from 'node:os';
import { isatty } from 'node:tty';
import type { CommandLineIo } from './io.ts';

const INTERRUPTED = 130;

/** Runs the command line of this process and ends it. */
export async function main(): Promise<never> {
  enableCompileCache();
  const { report, run } = await import('./run-command-line.ts');
  const argv = process.argv.slice(2);
  const io = createProcessIo(listenForInterrupts());
  ignoreClosedPipes();
  const stray = catchStrayErrors().then((error) => report(error, argv, io));
  const exitCode = await Promise.race([run(argv, io), stray]);
  await drain();
  // Code of a plugin may have left timers and sockets behind: the program does not wait for them.
  return process.exit(exitCode);
}

function createProcessIo(signal: AbortSignal): CommandLineIo {
  const { stdout, stderr, env } = process;
  return {
    // Opening stdin costs time, and most commands never read it.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    get user() {
      return readUser();
    },
    isTTY: { stdin: isatty(0), stdout: isatty(1), stderr: isatty(2) },
    signal,
  };
}

/** Whoever the process runs as. A container may give it a number that has no name. */
function readUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid:${process.getuid?.() ?? 'unknown'}`;
  }
}

/** The first Ctrl-C asks to stop and to say how things are left; the second does not wait for that. */
function listenForInterrupts(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      process.stderr.write('\nStopped at once. Look with `operator runs` what became of it.\n');
      process.exit(INTERRUPTED);
    }
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller.signal;
}

/** Whoever reads us may stop reading, as `head` does. A change under way goes on all the same. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') process.exitCode = 1;
    });
  }
}

/** Errors that nobody awaits come from code that was loaded. The first one ends the program. */
function catchStrayErrors(): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  process.on('uncaughtException', resolve);
  process.on('unhandledRejection', resolve);
  return promise;
}

async function drain(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.writable) continue;
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
  }
}
