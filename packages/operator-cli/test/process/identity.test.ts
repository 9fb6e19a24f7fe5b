import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { needsApproval, usePolicy } from '../support/policy.ts';
import { FROM_SOURCE, start, untilEnd } from '../support/process.ts';

const house = useHouse();
const [program = '', ...flags] = FROM_SOURCE;
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--yes', '--output', 'json'];

// Only root can become somebody else, and that somebody must be able to read this checkout.
const OTHER = 1;
const other = spawnSync(program, [...flags, '--version'], { uid: OTHER, encoding: 'utf8' });
const canBecomeOther = process.getuid?.() === 0 && other.status === 0;

const type = async (argv: readonly string[], env = {}): Promise<Ended> =>
  untilEnd(start(argv, { cwd: house.project.directory, env }));

it('is the user of the operating system, whatever the environment claims', async () => {
  await type(RUN, { USER: 'eve', LOGNAME: 'eve', USERNAME: 'eve', SUDO_USER: 'eve' });
  const { stdout } = await type(['runs', '--output', 'json']);
  const requester = { kind: 'person', name: userInfo().username };
  expect(JSON.parse(stdout)).toMatchObject({ runs: [{ requester }] });
});

it('cannot be given as an argument', async () => {
  for (const flag of ['--user', '--as', '--by', '--actor', '--approver']) {
    const { exitCode, stderr } = await type(['approve', 'x', flag, 'eve']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`There is no flag ${flag}`);
  }
});

it.runIf(canBecomeOther)('another user approves what this one may not', async () => {
  usePolicy(house, needsApproval());
  // A ledger that both can write, as the guide says.
  const folder = join(house.project.directory, '.operator');
  mkdirSync(folder);
  writeFileSync(join(folder, 'ledger.db'), '');
  chmodSync(house.project.directory, 0o755);
  chmodSync(folder, 0o777);
  chmodSync(join(folder, 'ledger.db'), 0o666);
  const { runId } = JSON.parse((await type(RUN)).stdout).error.facts;
  expect((await type(['approve', runId, '--yes'])).exitCode).toBe(5);
  const approve = ['approve', runId, '--yes', '--output', 'json'];
  const approving = start(approve, { cwd: house.project.directory, uid: OTHER });
  const { exitCode, stdout } = await untilEnd(approving);
  expect(exitCode, stdout).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    run: { requester: { name: userInfo().username } },
    given: [{ approver: { kind: 'person', name: expect.not.stringMatching(userInfo().username) } }],
    result: { state: 'succeeded' },
  });
});
