/** Assertions that the checks use. The `expect` of Vitest, Jest and Bun has them all. */
export interface Assertions {
  toBe(expected: unknown): void;
  toBeGreaterThan(least: number): void;
  toBeLessThan(most: number): void;
  toBeNull(): void;
  toContain(part: unknown): void;
  toContainEqual(part: unknown): void;
  toEqual(expected: unknown): void;
  toHaveLength(length: number): void;
  toMatch(pattern: RegExp): void;
  toMatchObject(part: object): void;
}

/** Begins an assertion, as the `expect` of a test runner does. */
export interface Expect {
  (value: unknown, message?: string): Assertions & { readonly not: Assertions };
  /** Matches each value of a class. */
  any(of: unknown): unknown;
  objectContaining(part: object): unknown;
}
