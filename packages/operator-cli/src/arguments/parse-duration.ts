const DAY_MS = 24 * 3_600_000;
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
};
const LONGEST_MS = 7 * DAY_MS;

/** `90s`, `5m`, `1h`, `7d`, `500ms` in milliseconds; `null` for anything else, or for more than a week. */
export function parseDuration(text: string): number | null {
  const match = /^(0|[1-9]\d{0,9})(ms|s|m|h|d)$/u.exec(text);
  if (match === null) return null;
  const milliseconds = Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
  return milliseconds <= LONGEST_MS ? milliseconds : null;
}
