import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';

const house = useHouse();
const ledger = (): string => join(house.project.directory, '.operator', 'ledger.db');
const MADE =
  /There was no ledger: .+\/\.operator\/ledger\.db is made for .+\/operator\.config\.yaml \(subjects: home\)\./u;

it('mode set before the first run makes the ledger and names it, the configuration and the subjects', async () => {
  const set = ['mode', 'set', 'guarded', '--reason', 'release week'];
  const first = await house.operator(set);
  expect(first.exitCode).toBe(0);
  expect(first.stderr).toMatch(MADE);
  expect(existsSync(ledger())).toBe(true);
  expect((await house.operator(set)).stderr).not.toMatch(MADE);
});

it('a mode that does not exist makes no ledger', async () => {
  const { exitCode, stderr } = await house.operator(['mode', 'set', 'gaurded', '--reason', 'x']);
  expect(exitCode).toBe(2);
  expect(stderr).not.toMatch(MADE);
  expect(existsSync(ledger())).toBe(false);
});

it('watch before the first run says which ledger it makes, for what, and waits', async () => {
  const stop = new AbortController();
  const { exitCode, stderr, stdout } = await house.operator(['watch'], {
    signal: stop.signal,
    onStdout: (text) => {
      if (text.includes('started')) stop.abort();
    },
  });
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(MADE);
  expect(stdout).toContain('started');
  expect(existsSync(ledger())).toBe(true);
});
