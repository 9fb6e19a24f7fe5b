import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './root.ts';

export interface CommandOptions {
  /** Default: the root of the repository. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  /** Output of both streams, in the order in which it came. */
  readonly output: string;
}

/** Runs a program to its end. Rejects only when it cannot be started. */
export function runCommand(
  program: string,
  words: readonly string[],
  { cwd = ROOT, env = {} }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, output }));
  });
}

/** The problems of a program whose exit code says whether there are any. */
export async function problemsOf(
  program: string,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<readonly string[]> {
  const { code, output } = await runCommand(program, words, options);
  return code === 0
    ? []
    : [`${path.basename(program)} ${words.join(' ')} ended with ${code}\n${output}`];
}

/** A program of one of the workspace's packages; the root's by default. */
export function binary(name: string, folder = ''): string {
  return path.join(ROOT, folder, 'node_modules', '.bin', name);
}
