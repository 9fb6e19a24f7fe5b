import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { start, untilEnd, untilSaid } from '../support/process.ts';

const house = useHouse();

/** Mounts a small disk for the ledger; `null`, with a note, where this process may not mount. */
function mountSmallDisk(): string | null {
  const folder = join(house.project.directory, '.operator');
  mkdirSync(folder);
  const options = ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', folder];
  if (process.getuid?.() === 0 && spawnSync('mount', options).status === 0) return folder;
  console.warn('SKIPPED: a full disk needs root on a machine that lets it mount a small one.');
  return null;
}

/** Result of an `operator stop` that began on a full disk. */
async function stopWhenFull(folder: string): Promise<Ended> {
  const run = ['run', 'switch_lamp', '--lamp-id', '1', '--yes'];
  expect((await house.operator(run)).exitCode).toBe(0);
  const { bavail, bsize } = statfsSync(folder);
  const filler = join(folder, 'filler');
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
  const stop = start(['stop'], { cwd: house.project.directory });
  const ended = untilEnd(stop);
  await untilSaid(stop, 'stderr', 'Not stopped yet: LEDGER_FULL');
  rmSync(filler);
  return ended;
}

it('stop on a full disk says so, keeps trying, and is done when there is space', async () => {
  const folder = mountSmallDisk();
  if (folder === null) return;
  try {
    const { exitCode, stdout, stderr } = await stopWhenFull(folder);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^Stopped by /mu);
  } finally {
    spawnSync('umount', ['--lazy', folder]);
  }
}, 60_000);
