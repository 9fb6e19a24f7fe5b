import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';
import { PROGRAM, start, untilEnd } from '../support/process.ts';

const house = useHouse();
const [program = '', ...flags] = PROGRAM;
// Says at the end whether Node's SQLite was loaded.
const TELLTALE = `process.on('exit', () => {
  const loaded = process.moduleLoadList.some((name) => / sqlite$/u.test(name));
  process.stderr.write(loaded ? 'with SQLite\\n' : 'without SQLite\\n');
});`;
const command = [
  program,
  '--import',
  `data:text/javascript,${encodeURIComponent(TELLTALE)}`,
  ...flags,
];

it.each([
  ['subjects'],
  ['actions'],
  ['observations'],
  ['observe', 'lamps'],
  ['plan', 'switch_lamp', '--lamp-id', '1'],
  ['plan', 'switch_lamp', '--lamp-id', '1', '--out', 'plan.json'],
  ['verify', 'switch_lamp', '--lamp-id', '2'],
  ['run', 'switch_lamp', '--lamp-id', '1'],
  ['doctor'],
])('what only reads needs no ledger: %s', async (...argv) => {
  const { stderr } = await untilEnd(start(argv, { cwd: house.project.directory, command }));
  expect(stderr).toContain('without SQLite');
  expect(existsSync(join(house.project.directory, '.operator'))).toBe(false);
});

it('what keeps something does', async () => {
  const argv = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];
  const { stderr } = await untilEnd(start(argv, { cwd: house.project.directory, command }));
  expect(stderr).toContain('with SQLite');
});
