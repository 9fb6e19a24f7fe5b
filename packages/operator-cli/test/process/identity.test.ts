import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
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
const GROUP = 1;
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

/** A folder for the ledger that a group shares, made as the guide says. */
function shareLedger(): string {
  const folder = join(house.project.directory, '.operator');
  mkdirSync(folder);
  chmodSync(house.project.directory, 0o755);
  chownSync(folder, 0, GROUP);
  chmodSync(folder, 0o2770);
  return folder;
}

it.runIf(canBecomeOther)('another user approves what this one may not', async () => {
  usePolicy(house, needsApproval());
  shareLedger();
  const { runId } = JSON.parse((await type(RUN)).stdout).error.facts;
  expect((await type(['approve', runId, '--yes'])).exitCode).toBe(5);
  const approve = ['approve', runId, '--yes', '--output', 'json'];
  const cwd = house.project.directory;
  const { exitCode, stdout } = await untilEnd(start(approve, { cwd, uid: OTHER, gid: GROUP }));
  expect(exitCode, stdout).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    run: { requester: { name: userInfo().username } },
    given: [{ approver: { kind: 'person', name: expect.not.stringMatching(userInfo().username) } }],
    result: { state: 'succeeded' },
  });
});

it.runIf(canBecomeOther)('who may not write the ledger leaves nothing in it', async () => {
  const folder = shareLedger();
  await type(RUN);
  chmodSync(folder, 0o777);
  const cwd = house.project.directory;
  const { exitCode, stderr } = await untilEnd(start(['runs'], { cwd, uid: OTHER }));
  expect(exitCode).toBe(3);
  expect(stderr).toContain('LEDGER_UNWRITABLE');
  expect(stderr).toContain('chmod g+w');
  expect(readdirSync(folder)).toEqual(['ledger.db']);
  expect((await type(['runs'])).exitCode).toBe(0);
});

const unshare = ['unshare', '--user', `--map-user=${OTHER}`];
const canUnshare = spawnSync('unshare', [...unshare.slice(1), 'true']).status === 0;

it.runIf(canUnshare)('is nobody else in a user namespace', async () => {
  const command = [...unshare, ...FROM_SOURCE];
  const cwd = house.project.directory;
  chmodSync(cwd, 0o777);
  const run = await untilEnd(start(RUN, { cwd, command }));
  expect(run.exitCode, run.stderr).toBe(0);
  const { stdout } = await type(['runs', '--output', 'json']);
  const name = `uid:${process.getuid?.()}@user-namespace`;
  expect(JSON.parse(stdout)).toMatchObject({ runs: [{ requester: { kind: 'person', name } }] });
});
