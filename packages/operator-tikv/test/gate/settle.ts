import { isOver } from 'operator-engine';
import type { Engine, WatchEvent } from 'operator-engine';
import { NOW, until } from './arena.ts';
import type { Arena, Era } from './arena.ts';
import type { Site } from './site.ts';

/** How the next process comes to settle what was left. */
export type Settling = 'recover' | 'watch';

/** Another process settles what a dead one has left, long after: the operators of PD have ended by then. */
export async function settle(arena: Arena, by: Settling, era: Era = NOW): Promise<Engine> {
  arena.sim.clock.advance(120_000);
  return settleBy(await arena.engine(era), by);
}

/** Another process settles what a dead one has left, as soon as the dead one is known to be that. */
export async function settleNow(site: Site, by: Settling, withinMs?: number): Promise<Engine> {
  return settleBy(await site.engine(NOW), by, withinMs);
}

async function settleBy(engine: Engine, by: Settling, withinMs?: number): Promise<Engine> {
  if (by === 'recover') await engine.runs.recover();
  await watchUntilQuiet(engine, withinMs);
  // A run of unknown outcome is looked at again.
  await engine.runs.recover();
  return engine;
}

/** Watches until nothing is left to be done; what it told meanwhile. */
export async function watchUntilQuiet(
  engine: Engine,
  withinMs?: number,
): Promise<readonly WatchEvent[]> {
  const stop = new AbortController();
  const told: WatchEvent[] = [];
  const watching = (async () => {
    for await (const event of engine.watch({ signal: stop.signal })) told.push(event);
  })();
  try {
    await until(() => isQuiet(engine), withinMs).catch((error: unknown) => {
      throw new Error(`${String(error)}; watch said ${JSON.stringify(told)}`);
    });
  } finally {
    stop.abort();
    await watching;
  }
  return told;
}

async function isQuiet(engine: Engine): Promise<boolean> {
  const ledger = await engine.openLedger();
  const runs = await ledger.runs.list({ limit: 1_000 });
  const due = await ledger.leases.due();
  return due.length === 0 && runs.every(({ state }) => isOver(state) || state === WAITS);
}

/** The one state that may last: people have a day to agree. */
const WAITS = 'awaiting_approval';
