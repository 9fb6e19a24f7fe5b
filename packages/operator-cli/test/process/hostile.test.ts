import { openSync, closeSync, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { PROGRAM, start, untilEnd } from '../support/process.ts';
import { writeWrappedLamp } from '../support/wrapped-lamp.ts';
import type { Wrapping } from '../support/wrapped-lamp.ts';

const house = useHouse();
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];

async function withPlugin(wrapping: Wrapping, argv: readonly string[]): Promise<Ended> {
  writeWrappedLamp(house.project, house.lamps.url, wrapping);
  return untilEnd(start(argv, { cwd: house.project.directory }));
}

describe('a plugin that ends the process', () => {
  const EXIT = 'process.exit(0);';

  it.each<[string, Wrapping]>([
    ['on import', { imported: EXIT }],
    ['when it is to connect', { connecting: EXIT }],
    ['after it has sent', { sent: EXIT }],
  ])('%s is not reported as done', async (_when, wrapping) => {
    const { exitCode, stdout } = await withPlugin(wrapping, [...RUN, '--output', 'json']);
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'operator.error/1',
      error: {
        code: 'PLUGIN_EXITED',
        facts: { exitCode: 0 },
        next: [{ operation: 'list_runs' }],
      },
    });
  });

  it('is reported on stderr with text output', async () => {
    const { exitCode, stdout, stderr } = await withPlugin({ connecting: EXIT }, RUN);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain('Error: PLUGIN_EXITED');
  });
});

it('an unhandled rejection after something was sent: the command prints the document of the run', async () => {
  house.lamps.mood = 'stuck';
  const { exitCode, stdout, stderr } = await withPlugin(
    { sent: "setImmediate(() => { throw new Error('late'); });" },
    [...RUN, '--deadline-ms', '60000', '--output', 'json'],
  );
  expect(JSON.parse(stdout)).toMatchObject({
    format: 'operator.run/1',
    requests: [{ result: { outcome: 'accepted' } }],
    error: { code: 'INTERRUPTED' },
    nextCommand: expect.stringContaining('operator runs'),
  });
  expect(exitCode).toBe(130);
  expect(stderr).toContain('INTERNAL_ERROR\n  Error: late\n');
  expect(house.sent()).toEqual(['/lamps/1']);
});

it('what a plugin logs does not get between the documents', async () => {
  const log = "console.log('chatter'); process.stdout.write('chatter\\n');";
  const { exitCode, stdout, stderr } = await withPlugin({ imported: log, connecting: log }, [
    ...RUN,
    '--output',
    'json',
  ]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'operator.run/1', state: 'succeeded' });
  expect(stderr.match(/^chatter$/gmu)).toHaveLength(4);
});

describe.runIf(existsSync('/dev/full'))('a stdout that takes nothing', () => {
  function runToFull(...argv: string[]): { status: number | null; stderr: string } {
    const full = openSync('/dev/full', 'w');
    const [program = '', ...fixed] = PROGRAM;
    const { status, stderr } = spawnSync(program, [...fixed, ...argv], {
      cwd: house.project.directory,
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    return { status, stderr };
  }

  it.each(['text', 'json', 'ndjson'])('is an error with %s, and said on stderr', (format) => {
    const { status, stderr } = runToFull('actions', '--output', format);
    expect(status).toBe(1);
    expect(stderr.match(/OUTPUT_NOT_WRITTEN/gu)).toHaveLength(1);
    expect(stderr).toContain('ENOSPC');
  });

  it('is one line for the version too, which opens no stream', () => {
    const { status, stderr } = runToFull('--version');
    expect(status).toBe(1);
    expect(stderr).toBe('stdout could not be written: ENOSPC: no space left on device, write.\n');
  });

  it('does not hide the exit code of what went wrong before', () => {
    const { status } = runToFull('actions', '--config', 'nowhere.yaml', '--output', 'json');
    expect(status).toBe(3);
  });
});
