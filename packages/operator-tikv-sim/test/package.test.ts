import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const PACKAGE = new URL('..', import.meta.url);

it('exports one function, and types', async () => {
  expect(Object.keys(await import('../src/index.ts'))).toEqual(['startTikvSim']);
});

it('needs nothing at run time', () => {
  const manifest: object = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8'));
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('peerDependencies');
});

it('counts in its README what is replayed', () => {
  const files: Readonly<Record<string, { readonly entries: number; readonly replayed: number }>> =
    JSON.parse(readFileSync(new URL('test/replay/manifest.json', PACKAGE), 'utf8'));
  const sum = (key: 'entries' | 'replayed'): string =>
    Object.values(files)
      .reduce((total, file) => total + file[key], 0)
      .toLocaleString('en-US');
  const readme = readFileSync(new URL('README.md', PACKAGE), 'utf8');
  expect(readme).toContain(`replay ${sum('replayed')} of ${sum('entries')} entries`);
});

it('has a README whose example does what it says', async () => {
  const readme = readFileSync(new URL('README.md', PACKAGE), 'utf8');
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(code.split('\n').length).toBeGreaterThan(10);
  const run = promisify(execFile)(
    process.execPath,
    ['--conditions=@operator/source', '--input-type=module', '--eval', code],
    { cwd: PACKAGE },
  );
  const lines = (await run).stdout.trim().split('\n');
  expect(lines).toEqual([
    'TypeError: fetch failed',
    expect.stringMatching(/^status: RUNNING, operator: admin-transfer-leader/),
    expect.stringMatching(/^status: SUCCESS, operator: admin-transfer-leader/),
    '2',
    '1',
  ]);
});
