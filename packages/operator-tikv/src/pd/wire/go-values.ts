const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a Go duration (`1h0m3.5s`, `957.2µs`), or `null` when it is none. */
export function parseGoDuration(text: string): number | null {
  if (text === '0') return 0;
  const match = /^([+-]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|μs|ms|s|m|h))+)$/u.exec(text);
  if (match === null) return null;
  let total = 0;
  for (const [, amount = '', unit = ''] of match[2]?.matchAll(/([\d.]+)([a-zµμ]+)/gu) ?? []) {
    total += Number(amount) * (MILLISECONDS[unit] ?? Number.NaN);
  }
  if (!Number.isFinite(total)) return null;
  return match[1] === '-' ? -total : total;
}

const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

/** Bytes of a size with four significant digits (`931.5GiB`), rounded, or `null` when it is none. */
export function parseGoSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s?([KMGTPEZY]iB|B)$/u.exec(text);
  if (match === null) return null;
  const bytes = Math.round(Number(match[1]) * 1024 ** BINARY_UNITS.indexOf(match[2] ?? ''));
  return Number.isFinite(bytes) ? bytes : null;
}

/**
 * Milliseconds since the epoch of Go's `Time.String` (`2024-06-21 11:14:06.1 +0800 CST m=+12.3`) or of
 * RFC 3339, or `null` when it is neither or the zero time.
 */
export function parseGoTime(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)? ?(Z|[+-]\d\d:?\d\d)/u.exec(text);
  if (match === null) return null;
  const [, day = '', clock = '', fraction = '', zone = ''] = match;
  if (day.startsWith('0001-')) return null;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const time = Date.parse(`${day}T${clock}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(time) ? null : time;
}
