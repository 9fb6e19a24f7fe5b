import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { PROGRAM, start, untilEnd } from '../support/process.ts';

const house = useHouse();
const [program = '', ...flags] = PROGRAM;

// Only root can become another user, and that user must be able to read this checkout.
const OTHER = 1;
const GROUP = 1;
const other = spawnSync(program, [...flags, '--version'], { uid: OTHER, encoding: 'utf8' });
const canBecomeOther = process.getuid?.() === 0 && other.status === 0;

const typeAsOther = async (argv: readonly string[]): Promise<Ended> =>
  untilEnd(start(argv, { cwd: house.project.directory, uid: OTHER, gid: GROUP }));

it.runIf(canBecomeOther)(
  'only the owner of the ledger prunes it, sets its time, binds it and accepts a loss',
  async () => {
    const folder = join(house.project.directory, '.operator');
    mkdirSync(folder);
    chmodSync(house.project.directory, 0o755);
    chownSync(folder, 0, GROUP);
    chmodSync(folder, 0o2770);
    await untilEnd(
      start(['mode', 'set', 'autonomous', '--reason', 'make it'], { cwd: house.project.directory }),
    );
    const reason = ['--reason', 'mine', '--yes'];
    for (const argv of [
      ['ledger', 'prune', '--before', '2020-01-01', '--yes'],
      ['ledger', 'accept-time', ...reason],
      ['ledger', 'accept-rollback', ...reason],
      ['policy', 'bind', ...reason],
    ]) {
      const { exitCode, stderr } = await typeAsOther(argv);
      expect(stderr).toContain('LEDGER_NOT_YOURS');
      expect(exitCode).toBe(5);
    }
    const { stdout } = await typeAsOther(['audit', 'list']);
    expect(stdout).not.toContain('mine');
  },
);
