import type { RegionChecker, World } from '../world/world.ts';
import { findRepair } from './find-repair.ts';

/** A region is looked at so soon after something happened to it. */
const NOTICE_MS = 150;
/** A region that could not be repaired yet is looked at again. */
const AGAIN_MS = 1_000;
/** At most so many regions a look, as PD's patrol works in batches. */
const BATCH = 256;

/** PD's checkers: they take regions back to the number of replicas that the rules want. */
export class Checker implements RegionChecker {
  readonly #world: () => World;
  readonly #waiting = new Set<number>();
  #nextLook = Infinity;

  constructor(world: () => World) {
    this.#world = world;
  }

  /** Something happened to the region: it will be checked. */
  notice(regionId: number): void {
    this.#waiting.add(regionId);
    this.#schedule(NOTICE_MS);
  }

  /** A new PD leader starts its patrol again. */
  noticeAll(regionIds: Iterable<number>): void {
    for (const regionId of regionIds) this.#waiting.add(regionId);
    this.#schedule(AGAIN_MS);
  }

  /** Looks soon: what waited may go on. */
  wake(): void {
    this.#schedule(NOTICE_MS);
  }

  /** Plans a look; an earlier one takes the place of a later one. */
  #schedule(delayMs: number): void {
    const { clock } = this.#world();
    const at = clock.now() + delayMs;
    if (this.#waiting.size === 0 || this.#nextLook <= at) return;
    this.#nextLook = at;
    clock.schedule(delayMs, () => {
      if (this.#nextLook !== at) return;
      this.#nextLook = Infinity;
      this.#look();
      this.#schedule(AGAIN_MS);
    });
  }

  #look(): void {
    const world = this.#world();
    if (!mayCheck(world)) return;
    const batch = [...this.#waiting].slice(0, BATCH);
    for (const regionId of batch) {
      this.#waiting.delete(regionId);
      if (this.#check(world, regionId) === 'later') this.#waiting.add(regionId);
    }
  }

  #check(world: World, regionId: number): 'done' | 'later' {
    const region = world.topology.regions.get(regionId);
    if (region === undefined || world.operators.isOccupied(regionId)) return 'done';
    const repair = findRepair(world, region);
    if (repair === 'none') return 'done';
    if (repair === 'wait') return 'later';
    world.operators.add(region, repair);
    return 'done';
  }
}

function mayCheck(world: World): boolean {
  const isPaused = ['rule', 'replica'].some(
    (name) => (world.checkerPauses.get(name) ?? 0) > world.clock.now(),
  );
  return (
    world.leadership.isPrepared() &&
    !world.faults.indexFrozen &&
    !world.faults.checkersPaused &&
    !isPaused
  );
}
