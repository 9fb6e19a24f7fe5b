import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { documentIssues } from 'operator-engine/documents';
import { run } from '../../src/run-command-line.ts';

export const LAMP_PLUGIN = fileURLToPath(new URL('lamp-plugin.ts', import.meta.url));

/** What a command line printed and ended with. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Settings {
  readonly cwd: string;
  /** Standard input; `null` for a terminal without an answer. */
  readonly stdin?: string | Uint8Array | null;
  readonly env?: Record<string, string>;
  readonly isTTY?: boolean | { stdin: boolean; stdout: boolean; stderr: boolean };
  readonly columns?: number;
  /** Who it is that types. */
  readonly user?: string;
  readonly signal?: AbortSignal;
  /** Called with each piece written to stdout. */
  readonly onStdout?: (text: string) => void;
  /** Called with everything written so far, after each write to stderr. */
  readonly onStderr?: (text: string) => void;
}

/** Runs a command line in this process. */
export async function runInProcess(argv: readonly string[], settings: Settings): Promise<Ended> {
  const {
    cwd,
    stdin = '',
    env = {},
    isTTY = false,
    columns,
    user = 'ann',
    signal,
    onStderr,
    onStdout,
  } = settings;
  const written = { stdout: '', stderr: '' };
  const tty = typeof isTTY === 'boolean' ? { stdin: isTTY, stdout: isTTY, stderr: isTTY } : isTTY;
  const exitCode = await run(argv, {
    stdin: stdin === null ? new Readable({ read() {} }) : Readable.from([Buffer.from(stdin)]),
    stdout: {
      columns,
      write: (text) => {
        onStdout?.(text);
        written.stdout += text;
      },
    },
    stderr: {
      columns,
      write: (text) => {
        written.stderr += text;
        onStderr?.(written.stderr);
      },
    },
    env,
    cwd,
    user,
    isTTY: tty,
    signal: signal ?? new AbortController().signal,
  });
  requireDocuments(argv, written.stdout);
  return { exitCode, ...written };
}

/** Holds every document that any test prints against its schema. */
function requireDocuments(argv: readonly string[], stdout: string): void {
  const format = argv[argv.lastIndexOf('--output') + 1];
  const texts = format === 'json' ? [stdout] : format === 'ndjson' ? stdout.split('\n') : [];
  const issues = texts
    .filter((text) => text.startsWith('{'))
    .flatMap((text) =>
      documentIssues(JSON.parse(text) as object).map((issue) => `${issue} in ${text}`),
    );
  if (issues.length > 0) throw new Error(issues.join('\n'));
}

/** A folder with a configuration in it. */
export interface Project {
  readonly directory: string;
  write(name: string, text: string): string;
  remove(): void;
}

export function createProject(files: Readonly<Record<string, string>> = {}): Project {
  const directory = mkdtempSync(join(tmpdir(), 'operator-cli-'));
  const write = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { directory, write, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** A configuration with one lamp server. */
export function lampConfig(url: string): string {
  return `subjects:\n  home:\n    plugin: ${LAMP_PLUGIN}\n    config:\n      houseUrl: ${url}\n`;
}
