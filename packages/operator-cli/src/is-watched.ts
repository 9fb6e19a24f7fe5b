import type { Engine } from 'operator-engine';

/** Whether an `operator watch` is alive: somebody who ends leases and goes on with approved runs. */
export async function isWatched(engine: Engine): Promise<boolean> {
  const runners = await engine.runners();
  return runners.some(({ role, isAlive }) => role === 'watch' && isAlive);
}
