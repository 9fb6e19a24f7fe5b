import { appendFileSync, readFileSync } from 'node:fs';
import { runHook } from './hooks.ts';
import type { HookName } from './hooks.ts';

/** Names the file in which the tests write what they are about to break. */
const VARIABLE = 'OPERATOR_LIVE_JOURNAL';

/** A hook that mends what a test has broken, and for which member or store. */
export interface Mending {
  readonly hook: HookName;
  readonly target: string;
}

/** Lets the tests of this process write down what they break. */
export function beginJournal(path: string): void {
  process.env[VARIABLE] = path;
  appendFileSync(path, '');
}

/** Written before something is broken, so that it is mended however the tests end. */
export function noteBroken({ hook, target }: Mending): void {
  append(`broken ${hook} ${target}`);
}

/** Mends everything that is written down as broken, the newest first. Mends nothing twice. */
export async function mendAll(): Promise<void> {
  for (const { hook, target } of readBroken().toReversed()) {
    await runHook(hook, target);
    append(`mended ${hook} ${target}`);
  }
}

function readBroken(): readonly Mending[] {
  const broken = new Map<string, Mending>();
  for (const line of readFileSync(journalPath(), 'utf8').split('\n')) {
    const [word, hook = '', target = ''] = line.split(' ');
    if (word === 'broken') broken.set(`${hook} ${target}`, { hook: hook as HookName, target });
    if (word === 'mended') broken.delete(`${hook} ${target}`);
  }
  return [...broken.values()];
}

function append(line: string): void {
  appendFileSync(journalPath(), `${line}\n`);
}

function journalPath(): string {
  const path = process.env[VARIABLE];
  if (path === undefined) throw new Error('start the live tests with `pnpm test:live`');
  return path;
}
