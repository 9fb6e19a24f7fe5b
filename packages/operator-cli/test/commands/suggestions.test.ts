import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runId } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';

const house = useHouse();

interface UsageError {
  readonly error: {
    readonly code: string;
    readonly remedy: string;
    readonly facts: { readonly suggestions?: readonly { readonly command: string }[] };
  };
}

/** The command lines that a wrong one is answered with. */
async function suggested(line: string): Promise<readonly string[]> {
  const { exitCode, stdout } = await house.operator([...line.split(' '), '--output', 'json']);
  expect(exitCode).toBe(2);
  const { error } = JSON.parse(stdout) as UsageError;
  return (error.facts.suggestions ?? []).map(({ command }) => command);
}

describe('a command line that is nearly right is answered with the right one', () => {
  it.each([
    ['hold_lamp 2', ['operator run hold_lamp --lamp-id 2', 'operator plan hold_lamp --lamp-id 2']],
    ['hold 2', ['operator run hold_lamp --lamp-id 2', 'operator plan hold_lamp --lamp-id 2']],
    [
      'hold-lamp lamp=2 --for 30m',
      ['operator run hold_lamp --lamp-id 2 --for 30m', 'operator plan hold_lamp --lamp-id 2'],
    ],
    [
      'hold',
      ['operator run hold_lamp --lamp-id LAMP_ID', 'operator plan hold_lamp --lamp-id LAMP_ID'],
    ],
    ['run hold_lamp 2 --for 30m', ['operator run hold_lamp --lamp-id 2 --for 30m']],
    ['plan switch_lamp 3 --no-on', ['operator plan switch_lamp --no-on --lamp-id 3']],
    ['run switch_lamp --lamp-id 3 --dry-run', ['operator plan switch_lamp --lamp-id 3']],
    ['run switch_lamp 3 --dry-run', ['operator plan switch_lamp --lamp-id 3']],
    ['undo X1 --dry-run --yes', ['operator undo X1 --output json']],
    ['status', ['operator runs', 'operator doctor', 'operator leases']],
    ['kill', ['operator cancel RUN', 'operator stop']],
    ['mode guarded', ['operator mode set guarded --reason WHY']],
    ['mode gaurded --reason tired', ['operator mode set guarded --reason tired']],
    ['lease list', ['operator leases']],
    ['rollback', ['operator undo RUN']],
  ])('%s', async (line, commands) => {
    expect(await suggested(line)).toEqual(commands);
    expect(existsSync(join(house.project.directory, '.operator'))).toBe(false);
    expect(house.sent()).toEqual([]);
  });

  it('fills in the run that is meant: the last, the beginning of an id, an action, a resource', async () => {
    const switched = await runId(house, ['switch_lamp', '--lamp-id', '3']);
    const held = await runId(house, ['hold_lamp', '--lamp-id', '2', '--for', '1h']);
    expect(await suggested('undo last')).toEqual([`operator undo ${held}`]);
    expect(await suggested('undo switch_lamp')).toEqual([`operator undo ${switched}`]);
    expect(await suggested(`undo ${switched.slice(0, -1)}`)).toEqual([`operator undo ${switched}`]);
    expect(await suggested('rollback')).toEqual([`operator undo ${held}`]);
    expect(await suggested('lease end 2')).toEqual([`operator lease end ${held}`]);
    expect(await suggested('lease end lamp:2')).toEqual([`operator lease end ${held}`]);
    expect(await suggested('lease 2')).toEqual([`operator lease end ${held}`]);
    expect(await suggested(`runs ${held.slice(0, 12)}`)).toContain(`operator runs show ${held}`);
    expect(await suggested(`runs show ${held.slice(0, -2)}`)).toEqual([
      `operator runs show ${held}`,
    ]);
  });

  it('is shown to people as a line to copy, and what it does', async () => {
    const { stderr } = await house.operator(['hold', '2']);
    expect(stderr).toContain(
      'What to do: `operator run hold_lamp --lamp-id 2` asks, sends and proves it.',
    );
  });

  it('is not guessed where nothing fits', async () => {
    expect(await suggested('hold_lamp two')).toEqual([]);
    expect(await suggested('xyzzy')).toEqual([]);
    expect(await suggested('undo nothing-like-it')).toEqual([]);
  });
});
