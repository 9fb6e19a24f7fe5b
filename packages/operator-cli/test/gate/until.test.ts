import { describe, expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';

const house = useHouse();
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];

describe('operator run --until', () => {
  it('tells how the condition stands before, and says fixed when it holds after the proof', async () => {
    const until = ['--until', 'lamps(on=true).rows=2'];
    const { exitCode, stdout, stderr } = await house.operator([...RUN, ...until]);
    expect(stderr).toContain(
      'The run is to make lamps(on=true).rows=2 true. Now: lamps.rows is 1.',
    );
    expect(stdout).toMatch(
      /^Done and proven: Lamp 1 is on\. The condition lamps\(on=true\)\.rows=2 holds: fixed\. \(/u,
    );
    expect(exitCode).toBe(0);
  });

  it('ends with 9 when the condition does not hold in time, and shows it with the run', async () => {
    const until = ['--until', 'lamps[id=3].on=true', '--until-within', '300ms'];
    const { exitCode, stdout, stderr } = await house.operator([...RUN, ...until]);
    expect(exitCode).toBe(9);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      'Done and proven, but the condition lamps[id=3].on=true does not hold: not fixed. lamps[id=3].on is false.',
    );
    expect(stderr).toContain('CONDITION_NOT_MET');
    const id = /Recorded as run (\w{16})/u.exec(stderr)?.[1] ?? '';
    expect((await house.operator(['runs'])).stdout).toContain('succeeded, not fixed');
    const { stdout: page } = await house.operator(['runs', 'show', id]);
    expect(page).toMatch(/Until +lamps\[id=3\]\.on=true, within 300 ms/u);
    expect(page).toMatch(/Before +does not hold \(lamps\[id=3\]\.on is false\)/u);
    expect(page).toMatch(/Afterwards +does not hold/u);
    expect(page).toContain('waiting for lamps[id=3].on=true');
    const watched = await house.operator(['runs', 'watch', id]);
    expect(watched.exitCode).toBe(9);
  });

  it('tells when the condition holds already, and does not say fixed then', async () => {
    const until = ['--until', 'lamps[id=2].on=true'];
    const { exitCode, stdout, stderr } = await house.operator([...RUN, ...until]);
    expect(stderr).toContain('holds already, so it cannot prove that the change fixed anything');
    expect(stdout).toContain('holds, as it did before the run');
    expect(stdout).not.toContain(': fixed');
    expect(exitCode).toBe(0);
  });

  it('never counts an unknown reading as the condition', async () => {
    const until = ['--until', 'lamps[id=2].memory!=5', '--until-within', '200ms'];
    const { exitCode, stderr } = await house.operator([...RUN, ...until]);
    expect(exitCode).toBe(9);
    expect(stderr).toContain('it is unknown if');
    expect(stderr).toContain('the lamp has no meter');
  });

  it.each([
    [['--until', 'lamp'], 'cannot be read'],
    [['--until', 'rooms.rows=0'], 'There are: lamps, lamp, raw'],
    [['--until', 'lamps.brightness=0'], 'one of rows, id, on, memory, nested.load'],
    [['--until', 'lamps.on=true'], 'lamps[id=VALUE].on, or lamps.rows'],
    [['--until', 'raw.lamps=3'], 'raw names no fields'],
    [['--until', ''], '--until must not be empty'],
    [['--until-within', '5m'], '--until-within needs --until'],
    [['--until', 'lamps.rows=3', '--until-within', 'soon'], '--until-within must be a duration'],
  ])('%j ends with 2 and sends nothing', async (flags, words) => {
    const { exitCode, stderr } = await house.operator([...RUN, ...flags]);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
    expect(house.sent()).toEqual([]);
  });

  it('ends with 9 when there is nothing to do and the condition does not hold', async () => {
    const argv = ['run', 'switch_lamp', '--lamp-id', '2', '--until', 'lamps[id=3].on=true'];
    const { exitCode, stderr } = await house.operator(argv);
    expect(exitCode).toBe(9);
    expect(stderr).toContain('Nothing to do, but the condition lamps[id=3].on=true does not hold');
  });

  it('without it nothing is called fixed', async () => {
    const { stdout, stderr } = await house.operator(RUN);
    expect(stdout + stderr).not.toMatch(/\bfixed\b/iu);
  });

  it('keeps the condition in the command that it prints to be repeated', async () => {
    const argv = ['run', 'switch_lamp', '--lamp-id', '1', '--until', 'lamps(on=true).rows=2'];
    const { exitCode, stderr } = await house.operator(argv);
    expect(exitCode).toBe(6);
    expect(stderr).toContain("--until 'lamps(on=true).rows=2' --yes");
  });
});
