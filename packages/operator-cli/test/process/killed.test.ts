import { expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';
import { start, untilEnd, untilSaid } from '../support/process.ts';

const house = useHouse();

it('a run whose process was killed is taken over and settled by reading, nothing sent again', async () => {
  house.lamps.mood = 'stuck';
  const cwd = (): string => house.project.directory;
  const argv = ['run', 'switch_lamp', '--lamp-id', '1', '--yes', '--deadline-ms', '60000'];
  const child = start(argv, { cwd: cwd() });
  const ended = untilEnd(child);
  await untilSaid(child, 'stderr', 'Watching');
  child.kill('SIGKILL');
  const id = /Recorded as run (\w{16})/u.exec((await ended).stderr)?.[1] ?? '';
  Object.assign(house.lamps.lamps[0] ?? {}, { on: true, wanted: true });
  const watched = await untilEnd(start(['runs', 'watch', id], { cwd: cwd() }));
  expect(watched.stderr).toContain('The process that carried it out is dead');
  expect(watched.stdout).toMatch(/^Done and proven: Lamp 1 is on\./u);
  expect(watched.exitCode).toBe(0);
  expect(house.sent()).toEqual(['/lamps/1']);
}, 60_000);

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends a watch clean, and its lease with it',
  async (signal) => {
    const child = start(['watch'], { cwd: house.project.directory });
    const ended = untilEnd(child);
    await untilSaid(child, 'stdout', 'started');
    const hold = ['run', 'hold_lamp', '--lamp-id', '1', '--for', '1s', '--yes'];
    const held = await untilEnd(start(hold, { cwd: house.project.directory }));
    expect(held.stderr).not.toContain('No `operator watch` is running');
    await untilSaid(child, 'stdout', 'lease ended');
    child.kill(signal);
    expect((await ended).exitCode).toBe(0);
    expect(house.lamps.holds.size).toBe(0);
  },
);
