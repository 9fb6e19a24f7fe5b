import { expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';
import { start, untilEnd, untilSaid } from '../support/process.ts';

const house = useHouse();
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];

it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s while watching: says how the system was left and prints the command that goes on, 130',
  async (signal) => {
    house.lamps.mood = 'stuck';
    const child = start([...RUN, '--deadline-ms', '60000'], { cwd: house.project.directory });
    const ended = untilEnd(child);
    await untilSaid(child, 'stderr', 'Watching');
    child.kill(signal);
    const { exitCode, stdout, stderr } = await ended;
    expect(exitCode).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain('The system accepted it, but the effect had not been seen yet');
    const command = /^To continue: operator (.*)$/mu.exec(stderr)?.[1]?.split(' ') ?? [];
    expect(command.slice(0, 2)).toEqual(['runs', 'watch']);
    // The printed command works: the lamp shines in the meantime.
    Object.assign(house.lamps.lamps[0] ?? {}, { on: true, wanted: true });
    const watched = await untilEnd(start(command, { cwd: house.project.directory }));
    expect(watched.stdout).toMatch(/^Done and proven: Lamp 1 is on\./u);
    expect(watched.exitCode).toBe(0);
  },
);

it('SIGINT with --output json: one document, with the state in it', async () => {
  house.lamps.mood = 'stuck';
  const child = start([...RUN, '--deadline-ms', '60000', '--output', 'json'], {
    cwd: house.project.directory,
  });
  const ended = untilEnd(child);
  await untilSaid(child, 'stderr', 'Watching');
  child.kill('SIGINT');
  const { exitCode, stdout } = await ended;
  expect(exitCode).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({
    format: 'operator.run/1',
    state: 'verifying',
    requests: [{ result: { outcome: 'accepted' } }],
    error: { code: 'INTERRUPTED' },
    nextCommand: expect.stringMatching(/^operator runs watch \w{16}$/u),
  });
});

it('a reader that goes away is no error: the run continues, and its exit code counts', async () => {
  house.lamps.looksUntilDone = 3;
  const child = start([...RUN, '--output', 'ndjson'], { cwd: house.project.directory });
  const exit = new Promise((resolve) => {
    child.on('exit', resolve);
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await exit).toBe(0);
  expect(stderr).toBe('');
  expect(house.lamps.lamps[0]?.on).toBe(true);
});

it('leaves without waiting for what a plugin left behind', async () => {
  house.project.write('clinging.mjs', `setInterval(() => {}, 1000);\nthrow new Error('no');`);
  house.project.write('c.yaml', 'subjects:\n  a:\n    plugin: ./clinging.mjs\n');
  const child = start(['actions', '--config', 'c.yaml'], { cwd: house.project.directory });
  expect((await untilEnd(child)).exitCode).toBe(4);
});

it('an unhandled rejection is printed as one line and ends with 1', async () => {
  house.project.write(
    'stray.mjs',
    `Promise.reject(new Error('astray'));\nawait new Promise((resolve) => setTimeout(resolve, 60000));`,
  );
  house.project.write('s.yaml', 'subjects:\n  a:\n    plugin: ./stray.mjs\n');
  const { exitCode, stderr } = await untilEnd(
    start(['actions', '--config', 's.yaml'], { cwd: house.project.directory }),
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain('INTERNAL_ERROR\n  Error: astray\n');
  expect(stderr).not.toMatch(/^ +at /mu);
});
