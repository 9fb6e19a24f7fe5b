import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeThirdPartyLicenses } from '../src/third-party-licenses.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'operator-licenses-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function install(name: string, files: Readonly<Record<string, string>>): string {
  const place = join(folder, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version: '1.2.3' }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
  return place;
}

it('passes the license of every installed package on, once and in order', () => {
  const beta = install('beta', { LICENSE: 'Do as you like.\n\n' });
  const alpha = install('@scope/alpha', { 'licence.md': 'Say who wrote it.' });
  writeThirdPartyLicenses(folder, [
    join(beta, 'index.js'),
    join(beta, 'deep/other.js'),
    'src/index.ts',
    join(alpha, 'index.js'),
  ]);
  expect(readFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), 'utf8')).toBe(
    `@scope/alpha 1.2.3\n\nSay who wrote it.\n\n${'-'.repeat(80)}\n\nbeta 1.2.3\n\nDo as you like.\n`,
  );
});

it('sees a package that is installed below another one', () => {
  const inner = install('outer/node_modules/inner', { LICENSE: 'Inner.' });
  writeThirdPartyLicenses(folder, [join(inner, 'index.js')]);
  const text = readFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  expect(text).toBe('outer/node_modules/inner 1.2.3\n\nInner.\n');
});

it('refuses to bundle a package without a license', () => {
  const bare = install('bare', { 'README.md': 'No license here.' });
  expect(() => writeThirdPartyLicenses(folder, [join(bare, 'index.js')])).toThrow(
    'bare has no license file',
  );
});
