const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** Go's `time.Time.String` of a PD in UTC, with the monotonic reading since the process started. */
export function goTime(nanoseconds: bigint, processStart: bigint): string {
  const monotonic = nanoseconds - processStart;
  const seconds = monotonic / NANOSECONDS_PER_SECOND;
  const rest = (monotonic % NANOSECONDS_PER_SECOND).toString().padStart(9, '0');
  return `${dateAndTime(nanoseconds, ' ')} +0000 UTC m=+${seconds}.${rest}`;
}

/** Go's zero time, printed for an operator that never started. */
export const GO_ZERO_TIME = '0001-01-01 00:00:00 +0000 UTC';

/** RFC 3339 with as many fraction digits as needed, in UTC. */
export function rfc3339(nanoseconds: bigint): string {
  return `${dateAndTime(nanoseconds, 'T')}Z`;
}

function dateAndTime(nanoseconds: bigint, separator: string): string {
  const seconds = nanoseconds / NANOSECONDS_PER_SECOND;
  const iso = new Date(Number(seconds) * 1000).toISOString();
  const fraction = (nanoseconds % NANOSECONDS_PER_SECOND)
    .toString()
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${iso.slice(0, 10)}${separator}${iso.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Go's `time.Duration.String`. */
export function goDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < NANOSECONDS_PER_SECOND) return `${decimal(nanoseconds, 6)}ms`;
  const minutes = nanoseconds / (60n * NANOSECONDS_PER_SECOND);
  const seconds = decimal(nanoseconds % (60n * NANOSECONDS_PER_SECOND), 9);
  if (minutes === 0n) return `${seconds}s`;
  const hours = minutes / 60n;
  return hours === 0n ? `${minutes}m${seconds}s` : `${hours}h${minutes % 60n}m${seconds}s`;
}

/** Go's `time.Duration.String` of whole seconds. */
export function goSeconds(seconds: number): string {
  return goDuration(BigInt(Math.floor(seconds)) * NANOSECONDS_PER_SECOND);
}

function decimal(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return `${text.slice(0, -digits)}${fraction === '' ? '' : `.${fraction}`}`;
}

const UNIT_NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Parses a Go duration such as `30m` or `1h0m0s`; undefined when Go would refuse it. */
export function parseGoDuration(text: string): bigint | undefined {
  if (text === '0') return 0n;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) return undefined;
  const total = parts.reduce(
    (sum, part) => sum + Number(part[1]) * (UNIT_NANOSECONDS[part[2] ?? ''] ?? 0),
    0,
  );
  return BigInt(Math.round(total));
}
