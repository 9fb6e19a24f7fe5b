import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { failureOf } from '../support/errors.ts';
import { runner } from '../../src/ledger-suite/plans.ts';
import { temporaryDirectory, temporaryLedger } from './temporary.ts';

const worker = fileURLToPath(new URL('lock-worker.ts', import.meta.url));

// Elsewhere nothing tells which process holds a lock.
describe.runIf(process.platform === 'linux')('a ledger that another process holds', () => {
  it('is busy, and says which process it is, what it runs and what to do, also when it is stopped', async () => {
    const file = temporaryLedger();
    const ledger = await openLedger({ path: file, limits: { busyMs: 100 } });
    const holder = spawn(process.execPath, [worker, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const beat = async () => ledger.runners.beat(runner('r1'));
    const running = await failureOf(beat());
    expect(running).toMatchObject({ code: 'LEDGER_BUSY', facts: { holder: { pid: holder.pid } } });
    expect(running.message).toContain(
      `process ${holder.pid}, ${path.basename(process.execPath)} ${worker}`,
    );
    expect(running.remedy).toContain(`kill ${holder.pid}`);
    holder.kill('SIGSTOP');
    const stopped = await failureOf(beat());
    expect(stopped.message).toContain('was stopped by a signal');
    expect(stopped.remedy).toContain(`kill -CONT ${holder.pid}`);
    expect((await failureOf(ledger.maintenance.tryWriting())).code).toBe('LEDGER_BUSY');
    holder.kill('SIGKILL');
    await once(holder, 'close');
    await beat();
    await ledger.close();
  });
});

const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

/** Does things with a small file system of its own, which is gone afterwards. */
function mounted(options: string): string {
  const folder = path.join(temporaryDirectory(), 'disk');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]));
  return folder;
}

// Only root mounts file systems and makes files immutable.
describe.runIf(canMount && process.geteuid?.() === 0)('a ledger that cannot be written', () => {
  it('tells a full disk, and to make space', async () => {
    const folder = mounted('size=2m');
    const file = path.join(folder, 'ledger.db');
    const ledger = await openLedger({ path: file });
    expect((await ledger.maintenance.tryWriting()).freeBytes).toBeLessThan(2 * 1_048_576);
    const rest = spawnSync('dd', ['if=/dev/zero', `of=${path.join(folder, 'rest')}`, 'bs=4k']);
    expect(rest.status).not.toBe(0);
    const full = await failureOf(ledger.maintenance.tryWriting());
    expect(full).toMatchObject({ code: 'LEDGER_FULL', facts: { errno: 'ENOSPC' } });
    expect(full.remedy).toContain('df -h');
    await ledger.close();
  });

  it('tells a file system that is mounted read-only, and how to mount it', async () => {
    const folder = mounted('size=2m');
    const file = path.join(folder, 'ledger.db');
    await (await openLedger({ path: file })).close();
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    const error = await failureOf(openLedger({ path: file }));
    expect(error).toMatchObject({ code: 'LEDGER_UNWRITABLE', facts: { errno: 'EROFS' } });
    expect(error.remedy).toContain('read-only');
    const other = await failureOf(openLedger({ path: path.join(folder, 'new', 'ledger.db') }));
    expect(other.remedy).toContain('read-only');
  });

  it('tells a file that is immutable, and how to change that', async () => {
    const file = temporaryLedger();
    await (await openLedger({ path: file })).close();
    // Some file systems know no such files.
    if (spawnSync('chattr', ['+i', file]).status !== 0) return;
    onTestFinished(() => void spawnSync('chattr', ['-i', file]));
    const error = await failureOf(openLedger({ path: file }));
    expect(error).toMatchObject({ code: 'LEDGER_UNWRITABLE', facts: { errno: 'EPERM' } });
    expect(error.remedy).toContain('chattr -i');
    expect(error.message).not.toContain('belongs to');
  });
});
