import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../src/root.ts';
import { runCommand } from '../src/run-command.ts';

const GREEN = 'system 0 0\ninstall 0 1\ntest 0 2\ncheck 0 3\ndemo 0 4\n';
const passed = { numPassedTests: 7, numFailedTests: 0, success: true };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'operator-ci-'));
  await mkdir(path.join(folder, 'tests'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function summarize(steps: string, suites: readonly object[], checks?: readonly object[]) {
  await writeFile(path.join(folder, 'steps'), steps);
  await Promise.all(
    suites.map((suite, index) =>
      writeFile(path.join(folder, 'tests', `suite-${index}.json`), JSON.stringify(suite)),
    ),
  );
  if (checks !== undefined)
    await writeFile(path.join(folder, 'check.json'), JSON.stringify(checks));
  const script = path.join(ROOT, '.ci', 'summarize.mjs');
  const { code, stdout } = await runCommand(process.execPath, [script, folder]);
  return { code, last: stdout.trimEnd().split('\n').at(-1), stdout };
}

describe('the last line of CI', () => {
  const check = { name: 'lint', problems: [] };

  it('adds up tests, checks and the other steps', async () => {
    expect(await summarize(GREEN, [passed, passed], [check])).toMatchObject({
      code: 0,
      last: '18 passed, 0 failed',
    });
  });

  it.each([
    [
      'a test failed',
      GREEN.replace('test 0', 'test 1'),
      [passed, { ...passed, numFailedTests: 2, success: false }],
      [check],
      '18 passed, 2 failed',
    ],
    [
      'a file could not be loaded',
      GREEN.replace('test 0', 'test 1'),
      [{ ...passed, success: false }],
      [check],
      '11 passed, 1 failed',
    ],
    [
      'the tests crashed',
      GREEN.replace('test 0', 'test 137'),
      [passed],
      [check],
      '11 passed, 1 failed',
    ],
    ['no test ran', GREEN, [], [check], '4 passed, 1 failed'],
    [
      'a check failed',
      GREEN.replace('check 0', 'check 1'),
      [passed],
      [check, { name: 'types', problems: ['x'] }],
      '11 passed, 1 failed',
    ],
    [
      'the check crashed',
      GREEN.replace('check 0', 'check 1'),
      [passed],
      undefined,
      '10 passed, 1 failed',
    ],
    [
      'the demo failed',
      GREEN.replace('demo 0', 'demo 3'),
      [passed],
      [check],
      '10 passed, 1 failed',
    ],
    ['the install failed', 'system 0 0\ninstall 1 1\n', [], undefined, '1 passed, 2 failed'],
    ['nothing happened at all', '', [], undefined, '0 passed, 1 failed'],
  ] as const)('says when %s', async (_, steps, suites, checks, last) => {
    expect(await summarize(steps, suites, checks)).toMatchObject({ code: 1, last });
  });
});
