import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runId } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';

const house = useHouse();
const plan = ['plan', 'switch_lamp', '--lamp-id', '1'];

describe('what would keep a plan from running', () => {
  it('is not printed, and no ledger is created, when nothing does', async () => {
    const { stderr } = await house.operator(plan);
    expect(stderr).not.toContain('!');
    expect(existsSync(join(house.project.directory, '.operator'))).toBe(false);
  });

  it('is printed by plan and by run before the confirmation: the default cooldown', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    await runId(house, ['switch_lamp', '--lamp-id', '1', '--no-on']);
    const again = ['switch_lamp', '--lamp-id', '1'];
    const planned = await house.operator(['plan', ...again]);
    expect(planned.exitCode).toBe(0);
    expect(planned.stderr).toMatch(
      /! It could not start now: lamp:1 was changed \d+ s ago, and may change again after 300 s, at /u,
    );
    const asked = await house.operator(['run', ...again]);
    expect(asked.stderr).toContain('! It could not start now: lamp:1 was changed');
    expect(asked.exitCode).toBe(6);
  });

  it('is printed while everything is stopped', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '2', '--no-on']);
    await house.operator(['stop', '--reason', 'it smells of smoke']);
    const { stderr } = await house.operator(plan);
    expect(stderr).toContain(
      '! It could not start now: ann has stopped everything: it smells of smoke.',
    );
  });

  it('is printed when an allowed run that has not started would change the same', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '2', '--no-on']);
    await house.operator(['stop', '--reason', 'smoke']);
    const left = await house.operator(['run', 'switch_lamp', '--lamp-id', '1', '--yes']);
    expect(left.exitCode).toBe(5);
    await house.operator(['resume', '--reason', 'only toast']);
    const { stderr } = await house.operator(plan);
    const id = /! Run (\S+) of ann would change the same \(.*\) and has not started\./u.exec(
      stderr,
    )?.[1];
    expect(stderr).toContain(
      'A running `operator watch`, or the process that requested it, starts it before ',
    );
    const recovered = await house.operator(['runs', 'recover']);
    expect(recovered.stdout).toContain('Nothing to recover');
    expect(recovered.stderr).toContain('Allowed but not started; nothing was sent:');
    expect(recovered.stderr).toContain(`To cancel it: \`operator cancel ${id}\`.`);
    const json = await house.operator(['runs', 'recover', '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ runs: [], waiting: [{ id }] });
    expect((await house.operator(['cancel', String(id), '--reason', 'x'])).exitCode).toBe(0);
    expect((await house.operator(plan)).stderr).not.toContain('has not started');
    expect((await house.operator(['runs', 'recover'])).stderr).not.toContain('not started');
  });

  it('is printed when an action needs an approval', async () => {
    const { stderr } = await house.operator(['plan', 'burn_down', '--lamp-id', '2', '--no-on']);
    expect(stderr).toContain('! It needs the approval of 1 person: ');
  });
});
