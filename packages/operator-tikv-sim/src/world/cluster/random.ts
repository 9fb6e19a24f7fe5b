/** A small seeded generator (mulberry32): the same seed gives the same cluster, times and choices. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (bound) => Math.floor(next() * bound) };
}

/** A stable pseudo-random number in [0, 1) for an id, independent of the order of calls. */
export function spread(seed: number, id: number): number {
  return createRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(id, 0x85ebca6b)).next();
}

/** The list in another order each time, as Go walks its maps. */
export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const start = list.length === 0 ? 0 : random.below(list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}
