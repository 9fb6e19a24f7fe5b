import { chmodSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { temporaryDirectory } from './temporary.ts';

function modes(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => {
      const { mode } = statSync(path.join(directory, name));
      return [name, (mode & 0o777).toString(8)];
    }),
  );
}

describe('who may write a ledger', () => {
  it.each([
    ['only its owner', 0o700, '600'],
    ['its owner, while others read', 0o755, '644'],
    ['a group that the directory is for', 0o2770, '660'],
    ['its owner, in a directory that everybody has', 0o1777, '644'],
  ])('is %s, as in its directory', async (_, mode, expected) => {
    const directory = temporaryDirectory();
    chmodSync(directory, mode);
    const ledger = await openLedger({ path: path.join(directory, 'ledger.db') });
    await ledger.runs.list();
    const [file, wal, shm] = ['ledger.db', 'ledger.db-wal', 'ledger.db-shm'];
    expect(modes(directory)).toEqual({ [file]: expected, [wal]: expected, [shm]: expected });
    await ledger.close();
  });
});
