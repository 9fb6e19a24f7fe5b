import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ended } from './command-line.ts';

const SOURCE = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

/** How the program is started. */
export interface Started {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the built program. */
  readonly command?: readonly string[];
  /** The number of the user that it runs as. Default: this one. */
  readonly uid?: number;
  /** The number of its group. Default: this one's. */
  readonly gid?: number;
}

export const FROM_SOURCE: readonly string[] = [
  process.execPath,
  '--conditions=@operator/source',
  SOURCE,
];

/** The built program; the sources where the tests are run without their setup. */
export const PROGRAM: readonly string[] = [
  process.execPath,
  // The plugins of tests are sources.
  '--conditions=@operator/source',
  process.env['OPERATOR_TEST_PROGRAM'] ?? SOURCE,
];

export function start(
  argv: readonly string[],
  { cwd, env = {}, command = PROGRAM, ...rest }: Started,
): ChildProcessWithoutNullStreams {
  const [program = '', ...fixed] = command;
  const { NO_COLOR: _color, OPERATOR_SUBJECT: _subject, ...inherited } = process.env;
  // Each user has a state of their own, as each has a home.
  const { XDG_STATE_HOME: state = tmpdir() } = inherited;
  const own = rest.uid === undefined ? {} : { XDG_STATE_HOME: join(state, `user-${rest.uid}`) };
  const environment = { ...inherited, ...own, ...env };
  return spawn(program, [...fixed, ...argv], { cwd, env: environment, ...rest });
}

/** Waits for the end of the program and collects what it wrote. */
export async function untilEnd(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const exitCode = await new Promise<number>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? -1 : -2)));
  });
  return { exitCode, ...written };
}

/** Resolves as soon as the stream has said `text`. */
export async function untilSaid(
  child: ChildProcessWithoutNullStreams,
  stream: 'stdout' | 'stderr',
  text: string,
): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child[stream].on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    });
    child.on('close', () => reject(new Error(`ended without saying ${text}: ${said}`)));
  });
}
