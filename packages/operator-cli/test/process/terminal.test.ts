import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { PROGRAM, start, untilEnd } from '../support/process.ts';

const house = useHouse();
const PTY = fileURLToPath(new URL('../support/run-on-terminal.py', import.meta.url));
const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--deadline-ms', '60000'];
const QUESTION = 'or no: ';

// Node alone cannot open a terminal; python3 has one in its standard library.
const hasPython =
  spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;

async function onTerminal(
  waitFor: string,
  answer: string,
  { argv = RUN, ahead = '' }: { argv?: readonly string[]; ahead?: string } = {},
): Promise<Ended> {
  const command = ['python3', PTY, waitFor, answer, ...PROGRAM];
  const env = { TERM: 'xterm', TYPED_AHEAD: ahead };
  return untilEnd(start(argv, { cwd: house.project.directory, command, env }));
}

describe.runIf(hasPython)('on a real terminal', () => {
  it('shows the plan, asks, and sends after yes, in colour and with a line that is rewritten', async () => {
    const { exitCode, stdout } = await onTerminal(QUESTION, 'yes\n');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Send this to house 7462183643873562342, version 3.1?');
    expect(stdout.indexOf('byte for byte')).toBeLessThan(stdout.indexOf('Send this to'));
    expect(stdout).toContain('\r\u001B[2K  Watching: Lamp 1 is off.');
    expect(stdout).toContain('\u001B[32m');
    expect(stdout).toContain('Done and proven:');
    expect(house.lamps.lamps[0]?.on).toBe(true);
  });

  it('sends nothing after no', async () => {
    const { exitCode, stdout } = await onTerminal(QUESTION, 'no\n');
    expect(exitCode).toBe(6);
    expect(stdout).toContain('CONFIRMATION_DECLINED');
    expect(house.sent()).toEqual([]);
  });

  it.each([
    ['yes\n', 'no\n'],
    ['yes\nyes\ny', '\n'],
  ])('%j typed before the question is no answer to it', async (ahead, answer) => {
    const { exitCode, stdout } = await onTerminal(QUESTION, answer, { ahead });
    expect(exitCode).toBe(6);
    expect(stdout).toContain('CONFIRMATION_DECLINED');
    expect(house.sent()).toEqual([]);
  });

  it('what is typed after it still is', async () => {
    const { exitCode } = await onTerminal(QUESTION, 'yes\n', { ahead: 'no\nn' });
    expect(exitCode).toBe(0);
    expect(house.sent()).toEqual(['/lamps/1']);
  });

  it('Ctrl-C at the question: 130, nothing sent', async () => {
    const { exitCode, stdout } = await onTerminal(QUESTION, '\u0003');
    expect(exitCode).toBe(130);
    expect(stdout).toContain('Nothing was sent.');
    expect(house.sent()).toEqual([]);
  });

  it('Ctrl-D at the question is no', async () => {
    const { exitCode } = await onTerminal(QUESTION, '\u0004');
    expect(exitCode).toBe(6);
    expect(house.sent()).toEqual([]);
  });

  it('Ctrl-C while watching: 130, and the command that goes on', async () => {
    house.lamps.mood = 'stuck';
    const { exitCode, stdout } = await onTerminal('Watching', '\u0003', {
      argv: [...RUN, '--yes'],
    });
    expect(exitCode).toBe(130);
    expect(stdout).toContain('To continue: operator runs watch ');
  });
});
