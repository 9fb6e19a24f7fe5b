import { setTimeout } from 'node:timers/promises';

const PAUSE_MS = 200;

/** Asks again until it is so, or until so many milliseconds have passed. Returns whether it is. */
export async function until(isSo: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() >= end) return false;
    await setTimeout(PAUSE_MS);
  }
}
