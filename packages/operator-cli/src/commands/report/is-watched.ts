import type { Engine } from 'operator-engine';

/** True when an `operator watch` is running, which ends leases and starts approved runs. */
export async function isWatched(engine: Engine): Promise<boolean> {
  const runners = await engine.runners();
  return runners.some(({ role, isAlive }) => role === 'watch' && isAlive);
}
