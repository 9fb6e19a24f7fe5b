import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = import.meta.resolve('operator-cli/package.json');
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** The built program, as it is published. */
export const BIN = fileURLToPath(new URL('dist/bin.js', CLI));

/** Time and memory of one process. */
export interface ProcessRun {
  readonly wallMs: number;
  readonly peakRssBytes: number;
}

/** Writes its own peak memory to descriptor 3 when it ends: the process knows it best. */
const REPORT_RSS = `data:text/javascript,${encodeURIComponent(
  "import fs from 'node:fs'; process.on('exit', () => fs.writeSync(3, String(process.resourceUsage().maxRSS)));",
)}`;

/** Runs Node with `words` and waits for a clean end. */
export function runNode(
  words: readonly string[],
  options: { readonly environment?: NodeJS.ProcessEnv; readonly reportMemory?: boolean } = {},
): Promise<ProcessRun> {
  return new Promise((resolve, reject) => {
    const report = options.reportMemory === true ? ['--import', REPORT_RSS] : [];
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, [...report, ...words], {
      cwd: FOLDER,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    let memory = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdio[3]?.on('data', (chunk: Buffer) => (memory += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
      if (code === 0) resolve({ wallMs, peakRssBytes: Number(memory) * 1024 });
      else reject(new Error(`node ${words.join(' ')} ended with ${code}: ${errors}`));
    });
  });
}
