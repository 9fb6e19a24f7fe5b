import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';

const house = useHouse();
const path = (): string => join(house.project.directory, 'plan.json');

async function planned(lamp = '1'): Promise<string> {
  const argv = ['plan', 'switch_lamp', '--lamp-id', lamp, '--out', 'plan.json'];
  const { exitCode, stderr } = await house.operator(argv);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('To do exactly this: operator apply plan.json');
  return readFileSync(path(), 'utf8');
}

describe('operator plan --out', () => {
  it('writes the plan on one canonical line, and never over something', async () => {
    const text = await planned();
    expect(text).toMatch(/^\{"action":"switch_lamp",.*\}\n$/u);
    const again = await house.operator('plan switch_lamp --lamp-id 3 --out plan.json'.split(' '));
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('PLAN_NOT_WRITTEN');
    expect(readFileSync(path(), 'utf8')).toBe(text);
  });

  it('writes nothing where there is nothing to do', async () => {
    const argv = ['plan', 'switch_lamp', '--lamp-id', '2', '--out', 'plan.json'];
    expect((await house.operator(argv)).stdout).toMatch(/^Nothing to do: /u);
    expect(existsSync(path())).toBe(false);
  });
});

describe('operator apply', () => {
  it('shows the plan, and runs exactly that', async () => {
    await planned();
    const { exitCode, stdout, stderr } = await house.operator(['apply', 'plan.json', '--yes']);
    expect(stderr).toContain('What will be sent, byte for byte');
    expect(stdout).toMatch(/^Done and proven: Lamp 1 is on\./u);
    expect(exitCode).toBe(0);
    expect(house.sent()).toEqual(['/lamps/1']);
  });

  it('without a terminal and --yes sends nothing and ends with 6', async () => {
    await planned();
    const { exitCode, stderr } = await house.operator(['apply', 'plan.json']);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('operator apply plan.json --yes');
    expect(house.sent()).toEqual([]);
  });

  it('does the same plan once: the second gets the run of the first', async () => {
    await planned();
    const apply = ['apply', 'plan.json', '--yes', '--output', 'json'];
    const first = await house.operator(apply);
    const second = await house.operator(apply);
    const [one, two] = [first, second].map(({ stdout }) => JSON.parse(stdout));
    expect(two.runId ?? two.error.facts.runId).toBe(one.runId);
    expect(house.sent()).toEqual(['/lamps/1']);
  });

  it.each([
    ['a parameter', '"lamp_id":1', '"lamp_id":3'],
    ['a request', '/lamps/1', '/lamps/3'],
    ['the digest', '"digest":"sha256:', '"digest":"sha256:0'],
    ['a space', '{"action"', '{ "action"'],
    ['its end', '}\n', '\n'],
  ])('refuses a plan of which %s was changed', async (_what, before, after) => {
    const text = await planned();
    house.project.write('plan.json', text.replace(before, after));
    const { exitCode } = await house.operator(['apply', 'plan.json', '--yes']);
    expect([2, 5]).toContain(exitCode);
    expect(house.sent()).toEqual([]);
  });

  it('refuses a plan for another system', async () => {
    await planned();
    house.lamps.house = 'another';
    const { exitCode, stderr } = await house.operator(['apply', 'plan.json', '--yes']);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('PLAN_FOR_OTHER_SYSTEM');
    expect(house.sent()).toEqual([]);
  });

  it('names a file that is not there', async () => {
    const { exitCode, stderr } = await house.operator(['apply', 'plam.json']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('FILE_NOT_READ');
  });
});

describe('a stale plan', () => {
  const change = (): void => {
    Object.assign(house.lamps.lamps[0] ?? {}, { on: true, wanted: true });
  };

  it('is not sent: 7, the fact before and now, and how to go on', async () => {
    await planned();
    change();
    const { exitCode, stderr } = await house.operator(['apply', 'plan.json', '--yes']);
    expect(exitCode).toBe(7);
    expect(stderr).toContain('PLAN_STALE');
    expect(stderr).toContain('operator apply plan.json --replan');
    expect(house.sent()).toEqual([]);
  });

  it('with --replan says that there is nothing to do any more', async () => {
    await planned();
    change();
    const { exitCode, stdout } = await house.operator(['apply', 'plan.json', '--yes', '--replan']);
    expect(stdout).toMatch(/^Nothing to do: Lamp 1 is on already/u);
    expect(exitCode).toBe(0);
  });

  it('with --replan shows what differs and asks again; --yes was for the old one', async () => {
    await house.operator(['plan', 'hold_lamp', '--lamp-id', '1', '--out', 'plan.json']);
    const answers = async (settings: object) =>
      house.operator(['apply', 'plan.json', '--yes', '--replan'], settings);
    house.lamps.holdNote = 'spare';
    const unasked = await answers({});
    expect(unasked.exitCode).toBe(6);
    expect(unasked.stderr).toContain('Differences from the plan in the file');
    expect(unasked.stderr).toContain('fact note  plain → spare');
    expect(unasked.stderr).toContain('operator run hold_lamp --lamp-id 1 --yes');
    expect(house.sent()).toEqual([]);
    const agreed = await answers({ isTTY: true, stdin: 'yes\n' });
    expect(agreed.exitCode).toBe(0);
    expect(house.sent()).toEqual(['/holds/1']);
  });
});
