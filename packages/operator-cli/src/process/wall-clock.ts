/** The machine's clock, for distances that people read. Decisions use the engine's clock. */
export function wallNow(): number {
  return Date.now();
}
