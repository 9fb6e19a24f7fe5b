import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

it('the README shows code that runs', async () => {
  const readme = await readFile(new URL('README.md', root), 'utf8');
  const code = /^```js\n([\s\S]*?)^```$/mu.exec(readme)?.[1] ?? '';
  const words = ['--conditions=@operator/source', '--input-type=module', '--eval', code];
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, words, { cwd: fileURLToPath(root) });
  expect(stdout).toContain("[ 'switch_lamp' ]");
  expect(stdout).toContain("entity: 'lamp'");
  expect(stdout).toContain('value: { lamp_id: 1, on: true }');
  expect(stdout).toContain('Unrecognized key: "colour"');
});
