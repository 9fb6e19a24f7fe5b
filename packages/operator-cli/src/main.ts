import { isatty } from 'node:tty';
import { dropTyped } from './process/drop-typed.ts';
import { ProcessExit } from './process/exit.ts';
import { EXIT_CODES } from './errors/exit-code.ts';
import type { CommandLineIo } from './process/io.ts';
import { OwnStdout } from './process/own-stdout.ts';
import { report, reportLost, reportPluginExit, run } from './run-command-line.ts';
import { catchStrayErrors, untilLeft } from './process/stray-errors.ts';

/** Runs the command line of this process and ends it. */
export async function main(): Promise<never> {
  const argv = process.argv.slice(2);
  // Output for stderr in every format, beside a document that is written already.
  const beside = argv.filter((argument) => argument === '--trace');
  const ending = new ProcessExit();
  const interrupts = listenForInterrupts(ending);
  const stdout = new OwnStdout(process.stdout, process.stderr);
  // stderr may have no reader: without a listener an error there would end the program.
  process.stderr.on('error', () => {});
  const io = createProcessIo(stdout, interrupts.signal);
  ending.refuseOthers((code) => reportPluginExit(code, stdout.hasWritten ? beside : argv, io));
  const stray = catchStrayErrors();
  const running = run(argv, io);
  const first = await Promise.race([running, stray]);
  if (typeof first === 'number') {
    ending.choose(first);
  } else {
    // A run that has started to send must still report its state.
    interrupts.abort(first.error);
    const left = await untilLeft(running);
    ending.choose(left ?? report(first.error, argv, io));
    const isSaid = left === null || left === EXIT_CODES.bug;
    if (!isSaid) ending.worsen(report(first.error, beside, io));
  }
  await Promise.all([stdout.drain(), drain(process.stderr)]);
  if (stdout.failure !== null) ending.worsen(reportLost(stdout.failure, io));
  // Code of a plugin may have left timers and sockets behind: the program does not wait for them.
  return ending.leave();
}

function createProcessIo(stdout: OwnStdout, signal: AbortSignal): CommandLineIo {
  const { stderr, env } = process;
  return {
    // Opening stdin costs time, and most commands never read it.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    isTTY: {
      // Opening this costs time too, as with stdin.
      get stdin() {
        return isatty(0);
      },
      stdout: process.stdout.isTTY,
      stderr: stderr.isTTY,
    },
    dropTyped,
    signal,
  };
}

/** The first Ctrl-C asks the command to stop and report the state; the second does not wait for that. */
function listenForInterrupts(ending: ProcessExit): AbortController {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      process.stderr.write('\nStopped immediately. `operator runs` shows the result.\n');
      ending.choose(EXIT_CODES.interrupted);
      ending.leave();
    }
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller;
}

async function drain(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writable) return;
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
