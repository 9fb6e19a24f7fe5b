/** The machine's clock, for distances that people read. What is decided goes by the engine's clock. */
export function wallNow(): number {
  return Date.now();
}
