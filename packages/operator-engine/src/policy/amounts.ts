const DURATION_UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** `90s`, `5m`, `1h`, `7d` in milliseconds; `null` for anything else, or for more than a year. */
export function parseDuration(text: string): number | null {
  const match = /^([1-9]\d{0,8})(s|m|h|d)$/u.exec(text);
  const milliseconds = Number(match?.[1]) * (DURATION_UNITS[match?.[2] ?? ''] ?? Number.NaN);
  return milliseconds <= 366 * 86_400_000 ? milliseconds : null;
}

/** `512 MiB`, `1.5GiB` in bytes; `null` for anything else. */
export function parseSize(text: string): number | null {
  const match = /^(0|[1-9]\d{0,8})(\.\d{1,3})? ?(B|KiB|MiB|GiB|TiB)$/u.exec(text);
  if (match === null) return null;
  return Number(`${match[1]}${match[2] ?? ''}`) * (SIZE_UNITS[match[3] ?? ''] ?? Number.NaN);
}

/** `08:30` in minutes since midnight, up to `24:00`; `null` for anything else. */
export function parseTimeOfDay(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/u.exec(text);
  if (match === null) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  const isTime = minute < 60 && (hour < 24 || (hour === 24 && minute === 0));
  return isTime ? hour * 60 + minute : null;
}

/** True when this machine knows a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
