import type { Region } from './region.ts';

/** Regions by id and by key range, in the order of their keys. */
export class RegionIndex {
  readonly #byId = new Map<number, Region>();
  readonly #byKey: Region[] = [];

  get size(): number {
    return this.#byId.size;
  }

  get(id: number): Region | undefined {
    return this.#byId.get(id);
  }

  /** All regions, in the order of their keys. */
  all(): readonly Region[] {
    return this.#byKey;
  }

  /** Adds a region in the right place. Regions added in the order of their keys cost no search. */
  add(region: Region): void {
    this.#byId.set(region.id, region);
    const last = this.#byKey.at(-1);
    if (last === undefined || last.startKey < region.startKey) this.#byKey.push(region);
    else this.#byKey.splice(this.#firstAfter(region.startKey), 0, region);
  }

  remove(region: Region): void {
    this.#byId.delete(region.id);
    const position = this.positionOf(region);
    if (position >= 0) this.#byKey.splice(position, 1);
  }

  /** The region that holds a key (upper-case hex). */
  containing(key: string): Region | undefined {
    const region = this.#byKey[this.#firstAfter(key) - 1];
    return region !== undefined && (region.endKey === '' || key < region.endKey)
      ? region
      : undefined;
  }

  /** Regions from the one that holds `key` up to `endKey` (exclusive; '' is the end). */
  scan(key: string, endKey: string, limit: number): Region[] {
    const first = Math.max(0, this.#firstAfter(key) - 1);
    const found: Region[] = [];
    for (let index = first; index < this.#byKey.length && found.length < limit; index += 1) {
      const region = this.#byKey[index];
      if (region === undefined || (endKey !== '' && region.startKey >= endKey)) break;
      if (region.endKey === '' || region.endKey > key) found.push(region);
    }
    return found;
  }

  neighbours(region: Region): {
    readonly left: Region | undefined;
    readonly right: Region | undefined;
  } {
    const position = this.positionOf(region);
    return {
      left: position > 0 ? this.#byKey[position - 1] : undefined,
      right: this.#byKey[position + 1],
    };
  }

  positionOf(region: Region): number {
    const position = this.#firstAfter(region.startKey) - 1;
    return this.#byKey[position] === region ? position : -1;
  }

  /** The position of the first region that starts after the key. */
  #firstAfter(key: string): number {
    let low = 0;
    let high = this.#byKey.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#byKey[middle]?.startKey ?? '') <= key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
