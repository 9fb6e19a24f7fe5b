import { appendFileSync, readFileSync } from 'node:fs';

/** Names the file in which the tests write down what they are about to change. */
const VARIABLE = 'OPERATOR_LIVE_JOURNAL';

/** Lets the tests of this process write down which regions they touch. */
export function beginJournal(path: string): void {
  process.env[VARIABLE] = path;
  appendFileSync(path, '');
}

/** Written before the region is touched, so that it is put back whatever happens to the tests. */
export function noteTouched(regionId: number): void {
  const path = process.env[VARIABLE];
  if (path === undefined) throw new Error('start the live tests with `pnpm test:live`');
  appendFileSync(path, `${regionId}\n`);
}

/** Every region that was, or was about to be, touched. */
export function readTouched(path: string): readonly number[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return [...new Set(lines.filter((line) => line !== '').map(Number))];
}
