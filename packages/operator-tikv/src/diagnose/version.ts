/** The oldest PD that this package is tested with. */
const OLDEST_VERSION = [6, 5] as const;

/** True when a version such as `v8.5.7` or `26.3.0` is known to be older than {@link OLDEST_VERSION}. */
export function isTooOld(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)/u.exec(version);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major < OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor < OLDEST_VERSION[1]);
}
