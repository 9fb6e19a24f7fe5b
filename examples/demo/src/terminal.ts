import { spawn } from 'node:child_process';
import { styleText } from 'node:util';
import { fileURLToPath } from 'node:url';

const PACKAGE = import.meta.resolve('operator-cli/package.json');
const BIN = fileURLToPath(new URL('src/bin.ts', PACKAGE));
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

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

  /** Runs `operator` with what was typed and checks how it ends. */
  async type(command: string, expectedExit = 0): Promise<void> {
    process.stdout.write(`\n${style('cyan', `$ operator ${command}`)}\n`);
    const exit = await this.#run(command.split(' '));
    if (exit !== 0) process.stdout.write(`${style('dim', `(exit code ${exit})`)}\n`);
    if (exit !== expectedExit) {
      throw new Error(`operator ${command} ended with ${exit}, expected ${expectedExit}`);
    }
  }

  #run(words: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--conditions=@operator/source', BIN, ...words], {
        cwd: FOLDER,
        env: this.#environment,
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? -1));
    });
  }
}

function style(format: 'bold' | 'cyan' | 'dim', text: string): string {
  return styleText(format, text, { stream: process.stdout });
}
