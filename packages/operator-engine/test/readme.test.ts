import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { LampHouse } from './support/lamp-house.ts';
import { makeDirectory } from './support/open-lamps.ts';

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function block(language: string): string {
  const readme = readFileSync(here('../README.md'), 'utf8');
  return new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'su').exec(readme)?.[1] ?? '';
}

it('runs the lines of the README as they stand there', async () => {
  const directory = makeDirectory();
  const house = await new LampHouse().open();
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(here('..'), join(directory, 'node_modules/operator-engine'));
  writeFileSync(join(directory, 'operator.config.yaml'), block('yaml'));
  const plugin = JSON.stringify(here('support/lamp-plugin.ts'));
  writeFileSync(join(directory, 'lamps.js'), `export { default } from ${plugin};`);
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  writeFileSync(join(directory, 'run.mjs'), block('js'));
  const command = ['--conditions=@operator/source', 'run.mjs', 'switch_lamp', '{"lamp_id":1}'];
  const options = { cwd: directory, env: { ...process.env, LAMPS_URL: house.url } };
  const { stdout, stderr } = await run(process.execPath, command, options);
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual([
    'recorded',
    'decided',
    'rechecked',
    'claimed',
    'sending',
    'intended',
    'sent',
    'verifying',
    'finished',
    'succeeded The lamp is so.',
  ]);
  expect(house.changes).toHaveLength(1);
  await house.close();
  rmSync(directory, { recursive: true });
});
