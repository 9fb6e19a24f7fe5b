import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { start, untilEnd, untilSaid } from '../support/process.ts';

const house = useHouse();
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];

const type = async (argv: readonly string[], cwd = house.project.directory): Promise<Ended> =>
  untilEnd(start(argv, { cwd }));

const ledger = (): string => join(house.project.directory, '.operator/ledger.db');

/** Holds the right to write the ledger, as a process that is stuck would. */
function holdLedger(): DatabaseSync {
  const database = new DatabaseSync(ledger());
  database.exec('BEGIN IMMEDIATE');
  return database;
}

it('in a folder where nothing was ever run there is nothing to stop, and no ledger is made', async () => {
  const { exitCode, stderr } = await type(['stop']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('LEDGER_NOT_FOUND');
  expect(stderr).toContain(ledger());
  expect(stderr).toContain(join(house.project.directory, 'operator.config.yaml'));
  expect(existsSync(ledger())).toBe(false);
});

it('names the configuration, the ledger and the subjects, and asks for the reason afterwards', async () => {
  await house.operator(RUN);
  const below = join(house.project.directory, 'below');
  mkdirSync(below);
  const { exitCode, stdout, stderr } = await house.operator(['stop'], { cwd: below });
  expect(exitCode).toBe(0);
  expect(stderr).toContain(join(house.project.directory, 'operator.config.yaml'));
  expect(stderr).toContain(ledger());
  expect(stderr).toMatch(/^Subjects +home$/mu);
  expect(stdout).toMatch(/^Stopped by .*: no reason was given$/mu);
  expect(stderr).toContain('To say why: operator stop --reason TEXT');
  expect((await house.operator(['stop', '--reason', 'smoke'])).stdout).toMatch(
    /^Stopped by .*: smoke$/mu,
  );
  // A second stop without a reason takes away no reason that was given.
  const again = await house.operator(['stop', '--cancel'], { user: 'bob' });
  expect(again.stdout).toMatch(/^Stopped by .*ann.*: smoke$/mu);
  expect(again.stderr).not.toContain('To say why');
  const refused = await house.operator([...RUN, '--no-on']);
  expect(refused.stderr).toContain('ann has stopped everything: smoke');
  const json = JSON.parse((await house.operator(['stop', '--output', 'json'])).stdout);
  expect(json).toMatchObject({ ledger: ledger(), subjects: ['home'] });
  expect((await house.operator([...RUN, '--no-on'])).exitCode).toBe(5);
});

it('while the ledger cannot be written nothing is sent, and the switch is thrown as soon as it can', async () => {
  await type(RUN);
  const before = house.sent().length;
  const holder = holdLedger();
  const stop = start(['stop'], { cwd: house.project.directory });
  const ended = untilEnd(stop);
  const running = type([...RUN, '--no-on']);
  await untilSaid(stop, 'stderr', 'Not stopped yet: LEDGER_BUSY');
  const run = await running;
  // The system is not asked about: what is in the way is on this machine.
  expect(run.exitCode, run.stderr).toBe(5);
  expect(run.stderr).toContain('LEDGER_BUSY');
  expect(house.sent()).toHaveLength(before);
  holder.exec('ROLLBACK');
  holder.close();
  const { exitCode, stdout, stderr } = await ended;
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/^Stopped by /mu);
  expect(stderr).toContain('No run can send anything meanwhile');
}, 60_000);

it('says that nothing is stopped when the caller gives up before it is written', async () => {
  await type(RUN);
  const holder = holdLedger();
  const stop = start(['stop'], { cwd: house.project.directory });
  const ended = untilEnd(stop);
  await untilSaid(stop, 'stderr', 'Not stopped yet');
  stop.kill('SIGINT');
  const { exitCode, stderr } = await ended;
  holder.close();
  expect(exitCode).toBe(130);
  expect(stderr).toContain('NOT_STOPPED');
  expect((await type(['mode'])).stdout).not.toContain('Stopped');
}, 60_000);

it.each([
  [['runs']],
  [['runs', 'show', 'x']],
  [['runs', 'recover']],
  [['leases']],
  [['approvals']],
  [['approve', 'x', '--yes']],
  [['cancel', 'x']],
  [['mode']],
  [['resume', '--reason', 'x']],
  [['audit', 'list']],
  [['audit', 'verify']],
  [['ledger', 'check']],
  [['lease', 'end', 'x']],
])('no ledger is made by operator %j', async (argv) => {
  const { exitCode, stderr } = await house.operator(argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('LEDGER_NOT_FOUND');
  expect(existsSync(ledger())).toBe(false);
});

it.each([[['plan', 'switch_lamp', '--lamp-id', '1']], [['doctor']], [['actions']], [['subjects']]])(
  'no ledger is needed by operator %j',
  async (argv) => {
    expect((await house.operator(argv)).exitCode).toBe(0);
    expect(existsSync(ledger())).toBe(false);
  },
);
