import { describe, expect, it } from 'vitest';
import { runId } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';
import { needsApproval, usePolicy } from '../support/policy.ts';
import { tamper } from '../support/tamper.ts';

const house = useHouse();
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];
const BEN = { user: 'ben' };

async function asked(approval?: string): Promise<string> {
  usePolicy(house, needsApproval(approval));
  return runId(house, ['switch_lamp', '--lamp-id', '1']);
}

describe('a run that needs approval', () => {
  it('waits in the ledger: 6, its id, whom to ask; nothing is sent', async () => {
    usePolicy(house, needsApproval('{ count: 1, from: [ben, cem] }'));
    const { exitCode, stdout, stderr } = await house.operator(RUN);
    expect(exitCode).toBe(6);
    expect(stdout).toBe('');
    const id = /Ask for `operator approve (\w{16})`/u.exec(stderr)?.[1];
    expect(stderr).toContain(`Run ${id} waits for the consent of ben, cem (0 of 1)`);
    expect(stderr).toContain('Somebody may be asleep.');
    expect(house.sent()).toEqual([]);
  });

  it('is shown with its plan in full, to people and to programs', async () => {
    const id = await asked();
    const { stdout } = await house.operator(['approvals']);
    expect(stdout).toContain(id);
    expect(stdout).toContain('Asked by     ann');
    expect(stdout).toContain('Approvals    0 of 1');
    expect(stdout).toContain('May approve  any person, not the requester');
    expect(stdout).toMatch(/POST \/lamps\/1\n +to http:.*\n +\{"on":true\}/u);
    const json = await house.operator(['approvals', '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 'operator.approvals/1',
      approvals: [{ run: { id }, given: [], needed: 1, plan: { format: 'operator.plan/1' } }],
    });
  });

  it('says that it can no longer be approved after a change of the policy', async () => {
    const id = await asked();
    const words = 'this can no longer be approved';
    expect((await house.operator(['approvals'])).stdout).not.toContain(words);
    usePolicy(house, needsApproval('{ count: 2 }'));
    expect((await house.operator(['approvals'])).stdout).toContain(words);
    const { exitCode, stderr } = await house.operator(['approve', id, '--yes'], BEN);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('policy_changed');
  });

  it.each([
    ['--for', '36h', 'For          36 h'],
    ['--no-wait', '', 'For          until it is ended'],
  ])('says for how long its effect stays: %s %s', async (flag, value, words) => {
    usePolicy(house, needsApproval().replaceAll('switch_lamp', 'hold_lamp'));
    const given = value === '' ? [flag] : [flag, value];
    await runId(house, ['hold_lamp', '--lamp-id', '2', ...given]);
    expect((await house.operator(['approvals'])).stdout).toContain(words);
  });

  it('continues when another user approves: the approve command carries it out', async () => {
    const id = await asked();
    const { exitCode, stdout, stderr } = await house.operator(['approve', id, '--yes'], BEN);
    expect(stderr).toContain('What will be sent, byte for byte');
    expect(stderr).toContain('Approved, 1 of 1. No `operator watch` is running');
    expect(stdout).toMatch(/^Done and proven: Lamp 1 is on\./u);
    expect(exitCode).toBe(0);
    const { stdout: page } = await house.operator(['runs', 'show', id]);
    expect(page).toContain('Asked by  ann');
    expect(page).toMatch(/^ {2}ben, .*, used$/mu);
  });

  it('is one document with --output json, the run in it', async () => {
    const id = await asked();
    const argv = ['approve', id, '--yes', '--comment', 'go', '--output', 'json'];
    expect(JSON.parse((await house.operator(argv, BEN)).stdout)).toMatchObject({
      format: 'operator.approval/1',
      run: { id, state: 'approved' },
      given: [{ approver: { kind: 'person', name: 'ben' }, comment: 'go' }],
      needed: 1,
      goesOn: 'here',
      result: { format: 'operator.run/1', runId: id, state: 'succeeded' },
    });
  });

  it('is not approved by its requester, nor by a user whom the rule does not name', async () => {
    const id = await asked('{ count: 1, from: [ben] }');
    for (const user of ['ann', 'eve']) {
      const { exitCode, stderr } = await house.operator(['approve', id, '--yes'], { user });
      expect(exitCode).toBe(5);
      expect(stderr).toContain('APPROVAL_REFUSED');
    }
    expect(house.sent()).toEqual([]);
  });

  it('waits for as many as the rule wants', async () => {
    const id = await asked('{ count: 2 }');
    const first = await house.operator(['approve', id, '--yes'], BEN);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain('Approved, 1 of 2. It waits for more.');
    const again = await house.operator(['approve', id, '--yes'], BEN);
    expect(again.stderr).toContain('Approved, 1 of 2.');
    expect(house.sent()).toEqual([]);
    const second = await house.operator(['approve', id, '--yes'], { user: 'cem' });
    expect(second.stdout).toMatch(/^Done and proven/u);
  });

  it('counts no consent whose time is over', async () => {
    const id = await asked('{ count: 2 }');
    await house.operator(['approve', id, '--yes'], BEN);
    tamper(house, 'UPDATE approval SET expires_at = given_at + 1');
    const { stdout: page } = await house.operator(['runs', 'show', id]);
    expect(page).toContain('0 of 2 needed');
    expect(page).toMatch(/^ {2}ben, .*, expired \S+ \S+$/mu);
    const cem = await house.operator(['approve', id, '--yes'], { user: 'cem' });
    expect(cem.stderr).toContain('Approvals    0 of 2');
    expect(cem.stderr).toContain('Approved, 1 of 2. It waits for more.');
    expect(house.sent()).toEqual([]);
  });

  it('is offered for typing with the comment that was given', async () => {
    const id = await asked();
    const { stderr } = await house.operator(['approve', id, '--comment', 'go on'], BEN);
    expect(stderr).toContain(`operator approve ${id} --comment 'go on' --yes`);
  });

  it('asks the person on a terminal by name, and sends nothing after a no', async () => {
    const id = await asked();
    const onTerminal = { ...BEN, isTTY: true, columns: 100 };
    const no = await house.operator(['approve', id], { ...onTerminal, stdin: 'no\n' });
    expect(no.stderr).toContain('Do you, ben, consent to this?');
    expect(no.exitCode).toBe(6);
    const yes = await house.operator(['approve', id], { ...onTerminal, stdin: 'yes\n' });
    expect(yes.exitCode).toBe(0);
  });

  it('is not approved without a terminal and --yes: the command prints the plan and ends with 6', async () => {
    const id = await asked();
    const { exitCode, stdout } = await house.operator(['approve', id, '--output', 'json'], BEN);
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'CONFIRMATION_MISSING', facts: { plan: { format: 'operator.plan/1' } } },
    });
  });

  it('ends when an approver rejects it, with the reason', async () => {
    const id = await asked();
    const silent = await house.operator(['reject', id], BEN);
    expect(silent.exitCode).toBe(2);
    expect(silent.stderr).toContain('--reason is missing');
    const rejected = await house.operator(['reject', id, '--reason', 'people sleep'], BEN);
    expect(rejected.exitCode).toBe(0);
    expect(rejected.stderr).toContain('What will be sent, byte for byte');
    expect(rejected.stdout).toContain(`Rejected: run ${id}. Nothing was sent.`);
    const watched = await house.operator(['runs', 'watch', id]);
    expect(watched.exitCode).toBe(5);
    expect(watched.stderr).toContain('people sleep');
    const late = await house.operator(['approve', id, '--yes'], BEN);
    expect(late.exitCode).toBe(5);
    expect(house.sent()).toEqual([]);
  });
});

describe('a run that policy denies', () => {
  it('ends with 5 and every reason, and the ledger keeps it', async () => {
    usePolicy(
      house,
      'rules:\n  - { id: no, when: { subject: home }, decision: deny, reason: Hands off. }\n',
    );
    const { exitCode, stderr } = await house.operator(RUN);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('POLICY_DENIED');
    expect(stderr).toContain('Hands off.');
    expect((await house.operator(['runs'])).stdout).toMatch(/refused +home +Switch lamp 1 on\./u);
    expect(house.sent()).toEqual([]);
  });

  it('is all runs when the policy cannot be read', async () => {
    usePolicy(house, 'rules: [\n');
    const { exitCode, stderr } = await house.operator(RUN);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('POLICY_DENIED');
    const doctor = await house.operator(['doctor']);
    expect(doctor.exitCode).toBe(3);
    expect(doctor.stdout).toContain('failed   policy');
  });
});
