import { chmodSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { temporaryDirectory } from './temporary.ts';

function modes(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => {
      const { mode } = statSync(path.join(directory, name));
      return [name, (mode & 0o777).toString(8)];
    }),
  );
}

describe('a new ledger', () => {
  it.each([
    ['its owner, in a directory of its own', 0o700, '600'],
    ['its owner, in a directory that others read', 0o755, '600'],
    ['the group that the directory is for', 0o2770, '660'],
    ['the group of a directory that others read', 0o2775, '660'],
    ['its owner, in a directory for every user', 0o1777, '600'],
  ])('is read and written by %s', async (_, mode, expected) => {
    const directory = temporaryDirectory();
    chmodSync(directory, mode);
    const ledger = await openLedger({ path: path.join(directory, 'ledger.db') });
    await ledger.runs.list();
    const [file, wal, shm] = ['ledger.db', 'ledger.db-wal', 'ledger.db-shm'];
    expect(modes(directory)).toEqual({ [file]: expected, [wal]: expected, [shm]: expected });
    await ledger.close();
  });
});
