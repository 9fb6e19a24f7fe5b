/** A value in PD's answer that is not of the type it must have. */
export class JsonShapeError extends Error {
  /** Path of the value: `$.stores[0].store.id`. */
  readonly path: string;

  constructor(path: string, expected: string) {
    super(`${path} is not ${expected}`);
    this.path = path;
  }
}

/**
 * Reads a parsed document with its types checked. PD leaves out what is zero in the structures of kvproto
 * only (PD API, JSON typing rules): their readers take the value that a missing member stands for. A
 * member that PD always writes has no such value, and an answer without it is an error.
 */
export class JsonReader {
  readonly #value: unknown;
  readonly #parent: JsonReader | null;
  readonly #key: string | number;

  constructor(value: unknown, parent: JsonReader | null = null, key: string | number = '$') {
    this.#value = value;
    this.#parent = parent;
    this.#key = key;
  }

  get isMissing(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  /** `$.stores[0].store.id` */
  get path(): string {
    if (this.#parent === null) return String(this.#key);
    return typeof this.#key === 'number'
      ? `${this.#parent.path}[${this.#key}]`
      : `${this.#parent.path}.${this.#key}`;
  }

  /** A member of an object; missing when the object does not have it. */
  field(name: string): JsonReader {
    const members = this.members();
    return new JsonReader(Object.hasOwn(members, name) ? members[name] : undefined, this, name);
  }

  /** The object itself. */
  members(): Readonly<Record<string, unknown>> {
    if (isRecord(this.#value)) return this.#value;
    return this.fail('an object');
  }

  entries(): readonly (readonly [string, JsonReader])[] {
    return Object.entries(this.members()).map(([key, value]) => [
      key,
      new JsonReader(value, this, key),
    ]);
  }

  /** The elements of a list. A missing list is empty: kvproto leaves an empty one out. */
  items(): readonly JsonReader[] {
    return this.isMissing ? [] : this.list();
  }

  /** The elements of a list that Go writes as `null` when it is empty. */
  nullableList(): readonly JsonReader[] {
    return this.#value === null ? [] : this.list();
  }

  /** The elements of a list that PD always writes. */
  list(): readonly JsonReader[] {
    if (!Array.isArray(this.#value)) return this.fail('a list');
    return this.#value.map((value: unknown, index) => new JsonReader(value, this, index));
  }

  /** The elements of the list `name`, which must be as many as the member `count` says. */
  countedList(name: string): readonly JsonReader[] {
    const list = this.field(name).list();
    const count = this.field('count');
    return count.count() === list.length ? list : count.fail(`the ${list.length} of ${name}`);
  }

  integer(missing?: number): number {
    if (this.isMissing && missing !== undefined) return missing;
    if (typeof this.#value === 'number' && Number.isSafeInteger(this.#value)) return this.#value;
    return this.fail('an integer below 2^53');
  }

  /** An id of PD's: an integer ≥ 1. */
  id(): number {
    const value = this.integer();
    return value > 0 ? value : this.fail('an id');
  }

  /** An integer ≥ 0. */
  count(missing?: number): number {
    const value = this.integer(missing);
    return value >= 0 ? value : this.fail('an integer of at least 0');
  }

  /** A finite number: JSON's `1e999` becomes infinite when it is parsed. */
  number(missing?: number): number {
    if (this.isMissing && missing !== undefined) return missing;
    const value = this.#value;
    return typeof value === 'number' && Number.isFinite(value) ? value : this.fail('a number');
  }

  /** A finite number ≥ 0. */
  amount(): number {
    const value = this.number();
    return value >= 0 ? value : this.fail('a number of at least 0');
  }

  text(missing?: string): string {
    if (this.isMissing && missing !== undefined) return missing;
    return typeof this.#value === 'string' ? this.#value : this.fail('a text');
  }

  flag(missing?: boolean): boolean {
    if (this.isMissing && missing !== undefined) return missing;
    return typeof this.#value === 'boolean' ? this.#value : this.fail('true or false');
  }

  /** A boolean that PD's configuration writes as text (PD API, JSON typing rules). */
  textFlag(missing?: boolean): boolean {
    if (this.isMissing && missing !== undefined) return missing;
    if (this.#value === 'true' || this.#value === true) return true;
    if (this.#value === 'false' || this.#value === false) return false;
    return this.fail('"true" or "false"');
  }

  /** An unsigned 64-bit integer as decimal text. */
  bigInteger(): string {
    const value = this.#value;
    const isInteger = typeof value === 'bigint' || Number.isSafeInteger(value);
    return isInteger && !String(value).startsWith('-') ? String(value) : this.fail('an integer');
  }

  /** The value when it is a text, else `null`. */
  maybeText(): string | null {
    return typeof this.#value === 'string' ? this.#value : null;
  }

  fail(expected: string): never {
    throw new JsonShapeError(this.path, expected);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
