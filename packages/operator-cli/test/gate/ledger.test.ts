import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lampConfig } from '../support/command-line.ts';
import { runId } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';
import { needsApproval, usePolicy } from '../support/policy.ts';

const house = useHouse();

function ledgerFile(): string {
  return join(house.project.directory, '.operator', 'ledger.db');
}

/** Copies the ledger; returns what puts the copy back. */
function copyLedger(): () => void {
  const copy = join(house.project.directory, 'copy.db');
  copyFileSync(ledgerFile(), copy);
  return () => {
    for (const end of ['', '-wal', '-shm']) rmSync(`${ledgerFile()}${end}`, { force: true });
    copyFileSync(copy, ledgerFile());
  };
}

/** Names another folder for the state of the user, as a user who has seen nothing has. */
const newcomer = () => ({ env: { XDG_STATE_HOME: join(house.project.directory, 'state') } });

describe('an older copy of the ledger', () => {
  it('that is put back makes no used consent new: 5, nothing is sent, and reading warns', async () => {
    usePolicy(house, needsApproval());
    const id = await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const putBack = copyLedger();
    const approve = ['approve', id, '--yes'];
    expect((await house.operator(approve, { user: 'ben' })).exitCode).toBe(0);
    expect(house.sent()).toHaveLength(1);
    putBack();
    const again = await house.operator(approve, { user: 'ben' });
    expect(again.exitCode).toBe(5);
    expect(again.stderr).toContain('LEDGER_ROLLED_BACK');
    expect(again.stderr).toContain('are missing');
    expect(again.stderr).toContain('operator ledger accept-rollback --through');
    expect(house.sent()).toHaveLength(1);
    const listed = await house.operator(['runs']);
    expect(listed.exitCode).toBe(0);
    expect(listed.stderr).toContain(
      'This ledger is older than the copy that you have seen: the chain of house:',
    );
    const check = await house.operator(['ledger', 'check']);
    expect(check.exitCode).toBe(8);
    const doctor = await house.operator(['doctor']);
    expect(doctor.stdout).toContain('failed   ledger');
    const other = await house.operator(['run', 'hold_lamp', '--lamp-id', '2', '--yes'], newcomer());
    expect(other.stderr).toMatch(/stopped everything/u);
    expect(house.sent()).toHaveLength(1);
  });

  it('is used again after its owner has accepted the loss and lifted the kill switch', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const putBack = copyLedger();
    await runId(house, ['switch_lamp', '--lamp-id', '1', '--no-on']);
    putBack();
    const run = ['run', 'hold_lamp', '--lamp-id', '2', '--yes'];
    expect((await house.operator(run)).exitCode).toBe(5);
    const unasked = await house.operator(['ledger', 'accept-rollback', '--reason', 'disk']);
    expect(unasked.exitCode).toBe(6);
    const accept = ['ledger', 'accept-rollback', '--reason', 'disk lost', '--yes'];
    expect((await house.operator(accept)).stdout).toMatch(
      /^Accepted: entries up to \d+ may be lost/u,
    );
    expect((await house.operator(run)).stderr).toMatch(/stopped everything/u);
    await house.operator(['resume', '--reason', 'looked at lamp 1']);
    const done = await house.operator(run);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).not.toContain('older than');
  });
});

describe('operator ledger', () => {
  it('sends nothing where no witness can be kept, and says where else it may be', async () => {
    const env = { XDG_STATE_HOME: join(house.project.directory, 'operator.config.yaml') };
    const run = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];
    const { exitCode, stderr } = await house.operator(run, { env });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('WITNESS_UNUSABLE');
    expect(house.sent()).toEqual([]);
    expect((await house.operator(['stop', '--reason', 'smoke'], { env })).exitCode).toBe(0);
  });

  it('sets its time to the machine’s clock, and asks first', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const asked = await house.operator(['ledger', 'accept-time', '--reason', 'ntp']);
    expect(asked.exitCode).toBe(6);
    const argv = ['ledger', 'accept-time', '--reason', 'ntp', '--yes', '--output', 'json'];
    const { stdout } = await house.operator(argv);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'operator.ledger_clock/1', isHeld: false });
    const audit = await house.operator(['audit', 'list', '--kind', 'time_accepted']);
    expect(audit.stdout).toContain('ntp');
  });
});

describe('a ledger and its policy', () => {
  const OWN = 'own.yaml';
  const run = (...more: string[]) => ['run', 'switch_lamp', '--lamp-id', '1', '--yes', ...more];

  /** Writes another configuration for the same lamp server and ledger, with these first lines. */
  function writeOwn(first: string): void {
    const lines = `${first}ledger: { sqlite: ${ledgerFile()} }\n`;
    house.project.write(OWN, lines + lampConfig(house.lamps.url));
  }

  it('sends nothing for a configuration of one’s own without the policy, or with another', async () => {
    usePolicy(house, needsApproval());
    expect((await house.operator(run())).exitCode).toBe(6);
    writeOwn('');
    const without = await house.operator(run('--config', OWN));
    expect(without.exitCode).toBe(5);
    expect(without.stderr).toContain('LEDGER_POLICY_DIFFERS');
    expect(without.stderr).toContain('names no policy');
    house.project.write('mine.yaml', needsApproval().replaceAll('needs_approval', 'allow'));
    writeOwn('policy: ./mine.yaml\n');
    expect((await house.operator(run('--config', OWN))).exitCode).toBe(5);
    expect(house.sent()).toEqual([]);
    expect((await house.operator(['runs', '--config', OWN])).exitCode).toBe(0);
    const doctor = await house.operator(['doctor', '--config', OWN]);
    expect(doctor.stdout).toContain('LEDGER_POLICY_DIFFERS');
  });

  it('lets the content of the policy change, and a link lead to it', async () => {
    usePolicy(house, needsApproval());
    await house.operator(run());
    usePolicy(
      house,
      needsApproval()
        .replaceAll('needs_approval', 'allow')
        .replace(/.*count.*\n/u, ''),
    );
    symlinkSync(
      join(house.project.directory, 'policy.yaml'),
      join(house.project.directory, 'link.yaml'),
    );
    writeOwn('policy: ./link.yaml\n');
    expect((await house.operator(run('--config', OWN))).exitCode).toBe(0);
  });

  it('is bound again by its owner, on the record', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    house.project.write('mine.yaml', needsApproval());
    writeOwn('policy: ./mine.yaml\n');
    const hold = ['run', 'hold_lamp', '--lamp-id', '2', '--yes', '--config', OWN];
    expect((await house.operator(hold)).exitCode).toBe(5);
    const bind = ['policy', 'bind', '--reason', 'rules at last', '--config', OWN];
    expect((await house.operator(bind)).exitCode).toBe(6);
    expect((await house.operator([...bind, '--yes'])).stdout).toContain('mine.yaml');
    expect((await house.operator(hold)).exitCode).toBe(0);
    expect((await house.operator(['run', 'hold_lamp', '--lamp-id', '3', '--yes'])).exitCode).toBe(
      5,
    );
    const { stdout } = await house.operator(['audit', 'list', '--kind', 'policy_bound']);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stdout).toContain('rules at last');
  });
});

describe('a ledger whose file is gone', () => {
  /** As `rm ledger.db*` does; the proofs stay. */
  function removeFile(): void {
    for (const end of ['', '-wal', '-shm']) rmSync(`${ledgerFile()}${end}`, { force: true });
  }

  const run = ['run', 'hold_lamp', '--lamp-id', '2', '--yes'];

  it('is missed by every command, which says what shows that there was one, and makes none', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const sent = house.sent().length;
    removeFile();
    for (const command of [
      ['runs'],
      ['leases'],
      ['stop'],
      ['approvals'],
      ['ledger', 'check'],
      run,
    ]) {
      const refused = await house.operator(command);
      expect(refused.exitCode).toBe(5);
      expect(refused.stderr).toContain('LEDGER_MISSING');
      expect(refused.stderr).toContain('this user has used ledger');
      expect(refused.stderr).toContain('operator ledger accept-rollback --reason');
    }
    const doctor = await house.operator(['doctor']);
    expect(doctor.stdout).toMatch(/failed {3}ledger .*LEDGER_MISSING/u);
    expect(existsSync(ledgerFile())).toBe(false);
    expect(house.sent()).toHaveLength(sent);
  });

  it('is missed by a user who has used it, also when its whole folder is gone', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    rmSync(join(house.project.directory, '.operator'), { recursive: true });
    const refused = await house.operator(run);
    expect(refused.stderr).toContain('LEDGER_MISSING');
    expect(refused.stderr).toContain('this user has used ledger');
    const other = await house.operator(['runs'], newcomer());
    expect(other.stderr).toContain('LEDGER_NOT_FOUND');
  });

  it('is missed by a user who never used it, where its proofs are still there', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    removeFile();
    mkdirSync(`${ledgerFile()}.proofs`);
    const empty = await house.operator(['runs'], newcomer());
    expect(empty.stderr).toContain('LEDGER_NOT_FOUND');
    writeFileSync(join(`${ledgerFile()}.proofs`, 'r1.claim.json'), '{}');
    for (const command of [['runs'], ['stop'], run]) {
      const refused = await house.operator(command, newcomer());
      expect(refused.stderr).toContain('ledger.db.proofs stands beside its place');
    }
  });

  it('is begun again when its owner accepts that it is lost, on the record', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    removeFile();
    const reason = ['--reason', 'the disk was lost'];
    const accepted = await house.operator(['ledger', 'accept-rollback', ...reason, '--yes']);
    expect(accepted).toMatchObject({ exitCode: 0 });
    expect(accepted.stdout).toContain('a new one was created');
    const audit = await house.operator(['audit', 'list']);
    expect(audit.stdout).toContain('the disk was lost (the ledger was gone');
    expect((await house.operator(run)).exitCode).toBe(0);
    expect((await house.operator(['ledger', 'check'])).exitCode).toBe(0);
  });
});

describe('operator doctor', () => {
  it('says whether the ledger can be written now, and how much room there is, without an entry', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const before = await house.operator(['audit', 'list']);
    const { stdout } = await house.operator(['doctor']);
    expect(stdout).toMatch(/ledger +It can be written now[;,] (?:but only )?\d+ MiB are free\./u);
    expect((await house.operator(['audit', 'list'])).stdout).toBe(before.stdout);
  });
});
