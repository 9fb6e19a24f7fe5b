import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { needsApproval, usePolicy } from '../support/policy.ts';
import { PROGRAM, start, untilEnd, untilSaid } from '../support/process.ts';

const house = useHouse();
const [program = '', ...flags] = PROGRAM;
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--yes', '--output', 'json'];

// Only root can become another user, and that user must be able to read this checkout.
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

/** Code that a user may load into every process of their own. */
const IMPOSTOR = `
const fs = require('node:fs');
const [open, stat] = [fs.openSync, fs.fstatSync];
const opened = new Map();
process.geteuid = process.getuid = () => 0;
fs.openSync = (file, ...rest) => {
  const descriptor = open(file, ...rest);
  opened.set(descriptor, String(file));
  return descriptor;
};
fs.fstatSync = (descriptor, ...rest) => {
  const found = stat(descriptor, ...rest);
  if (opened.get(descriptor)?.includes('.consent.')) found.uid = 0;
  return found;
};
require('node:module').syncBuiltinESMExports();
`;

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

/** A command line of the other user. */
const typeAsOther = async (argv: readonly string[], env = {}): Promise<Ended> =>
  untilEnd(start(argv, { cwd: house.project.directory, env, uid: OTHER, gid: GROUP }));

it.runIf(canBecomeOther)('an approved run goes on in a living watch', async () => {
  usePolicy(house, needsApproval());
  shareLedger();
  const child = start(['watch'], { cwd: house.project.directory });
  const ended = untilEnd(child);
  await untilSaid(child, 'stdout', 'started');
  const { runId } = JSON.parse((await type(RUN)).stdout).error.facts;
  const approved = await typeAsOther(['approve', runId, '--yes']);
  expect(approved.stderr).toContain('A running `operator watch` carries it out.');
  expect(approved.stdout).toContain(`operator runs watch ${runId}`);
  expect((await type(['runs', 'watch', runId])).stdout).toMatch(/^Done and proven: /u);
  child.kill('SIGTERM');
  expect((await ended).exitCode).toBe(0);
  expect(house.sent()).toEqual(['/lamps/1']);
});

it.runIf(canBecomeOther)(
  'a process that was made to believe that it is root approves nothing',
  async () => {
    usePolicy(house, needsApproval());
    shareLedger();
    const asked = await typeAsOther(RUN);
    const { runId } = JSON.parse(asked.stdout).error.facts;
    const child = start(['watch'], { cwd: house.project.directory });
    const ended = untilEnd(child);
    await untilSaid(child, 'stdout', 'started');
    const impostor = house.project.write('impostor.cjs', IMPOSTOR);
    const env = { NODE_OPTIONS: `--require ${impostor}` };
    const approved = await typeAsOther(['approve', runId, '--yes'], env);
    expect(approved.stderr).toContain('A running `operator watch` carries it out.');
    const { exitCode, stderr } = await type(['runs', 'watch', runId]);
    expect(exitCode, stderr).toBe(5);
    expect(stderr).toContain('IDENTITY_NOT_PROVEN');
    expect(stderr).toContain('the consent of root is not proven');
    child.kill('SIGTERM');
    await ended;
    expect(house.sent()).toEqual([]);
  },
);

it.runIf(canBecomeOther)(
  'an agent cannot approve its own run, and says that it is one',
  async () => {
    usePolicy(house, needsApproval('{ count: 1, requesterMayApprove: true }'));
    shareLedger();
    const agent = { OPERATOR_ACTOR_KIND: 'agent' };
    const { runId } = JSON.parse((await type(RUN, agent)).stdout).error.facts;
    for (const env of [{}, agent]) {
      const own = await type(['approve', runId, '--yes'], env);
      expect(own.exitCode).toBe(5);
      expect(own.stderr).toContain('APPROVAL_REFUSED');
    }
    expect((await type(['approvals'])).stdout).toContain('(agent)');
    expect((await typeAsOther(['approve', runId, '--yes'])).exitCode).toBe(0);
    const wrong = await type(RUN, { OPERATOR_ACTOR_KIND: 'god' });
    expect(wrong.exitCode).toBe(2);
    expect(JSON.parse(wrong.stdout).error.message).toContain('OPERATOR_ACTOR_KIND cannot be "god"');
  },
);

it.runIf(canBecomeOther)('who may not write the ledger leaves nothing in it', async () => {
  const folder = shareLedger();
  await type(RUN);
  chmodSync(folder, 0o1777);
  const cwd = house.project.directory;
  const { exitCode, stderr } = await untilEnd(start(['runs'], { cwd, uid: OTHER }));
  expect(exitCode).toBe(3);
  expect(stderr).toContain('LEDGER_UNWRITABLE');
  expect(stderr).toContain('chmod g+w');
  expect(readdirSync(folder)).toEqual(['ledger.db', 'ledger.db.proofs']);
  expect((await type(['runs'])).exitCode).toBe(0);
});

const unshare = ['unshare', '--user', `--map-user=${OTHER}`];
const canUnshare = spawnSync('unshare', [...unshare.slice(1), 'true']).status === 0;

it.runIf(canUnshare)('cannot act as another user in a user namespace', async () => {
  const command = [...unshare, ...PROGRAM];
  const cwd = house.project.directory;
  const run = await untilEnd(start(RUN, { cwd, command }));
  expect(run.exitCode, run.stderr).toBe(0);
  const { stdout } = await type(['runs', '--output', 'json']);
  const name = `uid:${process.getuid?.()}@user-namespace`;
  expect(JSON.parse(stdout)).toMatchObject({ runs: [{ requester: { kind: 'person', name } }] });
});

it.runIf(canUnshare)(
  'that cannot be proven in a user namespace is what doctor warns of',
  async () => {
    const doctor = await untilEnd(
      start(['doctor'], { cwd: house.project.directory, command: [...unshare, ...PROGRAM] }),
    );
    expect(doctor.stdout).toMatch(
      /warning +identity +This process cannot prove requesters and approvers: .+ user namespace/u,
    );
    expect((await type(['doctor'])).stdout).not.toContain('cannot prove requesters');
  },
);
