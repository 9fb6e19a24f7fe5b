import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runId } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';

const house = useHouse();
const HOLD = ['hold_lamp', '--lamp-id', '1'];
const HOW = ['--for', '30m', '--no-wait', '--idempotency-key', 'night 1'];
const TYPED = "--for 30m --no-wait --idempotency-key 'night 1'";

/** The command line that is offered when there is no terminal to ask. */
async function offered(argv: readonly string[], cwd = house.project.directory): Promise<string> {
  const { exitCode, stderr } = await house.operator(argv, { cwd });
  expect(exitCode, stderr).toBe(6);
  return /To confirm, run: (.*)$/mu.exec(stderr)?.[1] ?? '';
}

describe('the command that is offered for typing keeps every flag that was given', () => {
  it('of run', async () => {
    expect(await offered(['run', ...HOLD, ...HOW])).toBe(
      `operator run hold_lamp --lamp-id 1 ${TYPED} --yes`,
    );
  });

  it('of apply, and does what was asked for', async () => {
    await house.operator(['plan', ...HOLD, '--out', 'plan.json']);
    const argv = ['apply', 'plan.json', '--subject', 'home', '--replan', ...HOW];
    const typed = await offered(argv);
    expect(typed).toBe(`operator apply plan.json ${TYPED} --subject home --replan --yes`);
    await house.operator([...argv, '--yes']);
    expect((await house.operator(['leases'])).stdout).toMatch(/\(in (?:30 min|29 min 5\d s)\)/u);
  });

  it('of undo', async () => {
    const id = await runId(house, ['switch_lamp', '--lamp-id', '1']);
    expect(await offered(['undo', id, '--no-wait', '--idempotency-key', '-k'])).toBe(
      `operator undo ${id} --no-wait --idempotency-key=-k --yes`,
    );
  });

  it('of a stale plan, and of the plan that is made in its place', async () => {
    const config = join(house.project.directory, 'operator.config.yaml');
    const file = join(house.project.directory, 'plan.json');
    await house.operator(['plan', ...HOLD, '--out', file]);
    house.lamps.holdNote = 'spare';
    const apply = ['apply', file, '--config', config, ...HOW];
    const stale = await house.operator([...apply, '--yes'], { cwd: '/' });
    expect(stale.stderr).toContain(
      `decide again: operator apply ${file} ${TYPED} --replan --config ${config}`,
    );
    expect(await offered([...apply, '--yes', '--replan'], '/')).toBe(
      `operator run hold_lamp --lamp-id 1 ${TYPED} --yes --subject home --config ${config}`,
    );
    expect(house.sent()).toEqual([]);
  });
});
