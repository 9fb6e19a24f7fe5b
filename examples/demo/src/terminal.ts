import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { styleText } from 'node:util';
import { fileURLToPath } from 'node:url';

const PACKAGE = import.meta.resolve('operator-cli/package.json');
const BIN = fileURLToPath(new URL('src/bin.ts', PACKAGE));
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** The program that is typed at the terminal. */
export const PROGRAM: readonly string[] = [process.execPath, '--conditions=@operator/source', BIN];

/** The user of a command and its expected exit code. */
export interface Typing {
  /** Expected exit code. Default: 0. */
  readonly exit?: number;
  /** The user who types the command. Default: the user who started the demo. */
  readonly as?: { readonly name: string; readonly uid: number };
}

/** A person at a terminal: says what it is about to do, types commands, and reads what they end with. */
export class Terminal {
  readonly #environment: NodeJS.ProcessEnv;
  #chapter = 0;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = { ...process.env, ...environment };
  }

  /** Begins a chapter of the story. */
  tell(title: string, text: string): void {
    this.#chapter += 1;
    process.stdout.write(`\n${style('bold', `${this.#chapter}. ${title}`)}\n${text}\n`);
  }

  /** Says something on the way. */
  say(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Runs `operator` with what was typed and checks how it ends. */
  async type(command: string, { exit = 0, as }: Typing = {}): Promise<void> {
    this.#prompt(command, as?.name);
    const child = this.#start(command, { uid: as?.uid });
    const code = await untilEnd(child);
    if (code !== 0) process.stdout.write(`${style('dim', `(exit code ${code})`)}\n`);
    if (code !== exit) {
      throw new Error(`operator ${command} ended with ${code}, expected ${exit}`);
    }
  }

  /** Types a command and sends it a signal as soon as it has said something. */
  async typeUntil(command: string, said: string, signal: NodeJS.Signals): Promise<void> {
    this.#prompt(command);
    const child = this.#start(command, { isRead: true });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        process.stdout.write(chunk);
        text += chunk.toString();
        if (text.includes(said)) child.kill(signal);
      });
    }
    await untilEnd(child);
    if (!text.includes(said)) throw new Error(`operator ${command} did not say: ${said}`);
    process.stdout.write(`${style('dim', `(${signal})`)}\n`);
  }

  /** Runs a command without showing it, and returns its output. */
  async read(command: string): Promise<string> {
    const child = this.#start(command, { isRead: true });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await untilEnd(child);
    return text;
  }

  #prompt(command: string, name?: string): void {
    const who = name ?? '';
    process.stdout.write(`\n${style('cyan', `${who}$ operator ${command}`)}\n`);
  }

  /** Folder for the state of one user, outside the home of the user who started the demo. */
  #stateOf(uid: number | undefined): string {
    return join(this.#environment['DEMO_FOLDER'] ?? tmpdir(), 'state', String(uid ?? 'player'));
  }

  #start(
    command: string,
    { uid, isRead = false }: { uid?: number | undefined; isRead?: boolean },
  ): ChildProcess {
    const [node = '', ...words] = PROGRAM;
    const typed = (command.match(/'[^']*'|\S+/gu) ?? []).map((word) => word.replaceAll("'", ''));
    const output = isRead ? 'pipe' : 'inherit';
    return spawn(node, [...words, ...typed], {
      cwd: FOLDER,
      env: { ...this.#environment, XDG_STATE_HOME: this.#stateOf(uid) },
      stdio: ['ignore', output, output],
      ...(uid === undefined ? {} : { uid }),
    });
  }
}

async function untilEnd(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
}

function style(format: 'bold' | 'cyan' | 'dim', text: string): string {
  return styleText(format, text, { stream: process.stdout });
}
