import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryLedger } from './temporary.ts';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('open-once.ts', import.meta.url));

async function play(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const conditions = '--conditions=@operator/source';
  return run(process.execPath, [conditions, SCRIPT, ...args]);
}

it('loads SQLite only when a ledger is opened', async () => {
  expect(JSON.parse((await play('none')).stdout)).toEqual({ hasSqlite: false });
  const opened = await play(temporaryLedger());
  expect(JSON.parse(opened.stdout)).toEqual({ hasSqlite: true });
});

it('keeps quiet about SQLite, and about nothing else', async () => {
  expect((await play(temporaryLedger())).stderr).toBe('');
  const warned = await play(temporaryLedger(), 'warn');
  expect(warned.stderr).toContain('ExperimentalWarning: Something else');
  expect(warned.stderr).not.toContain('SQLite');
});
