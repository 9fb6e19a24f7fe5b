import { PDError } from './pd-error.ts';

/**
 * An id that PD takes exactly: PD reads ids in bodies as float64, so anything above 2^53 - 1 would
 * name another thing. Throws `PD_ID_INVALID`.
 */
export function checkId(id: number, what: string): number {
  return checkInteger(id, { what, minimum: 1 });
}

/** An integer ≥ 0 that PD takes exactly. Throws `PD_ID_INVALID`. */
export function checkCount(count: number, what: string): number {
  return checkInteger(count, { what, minimum: 0 });
}

function checkInteger(value: number, rule: { what: string; minimum: number }): number {
  if (Number.isSafeInteger(value) && value >= rule.minimum) return value;
  throw new PDError({
    code: 'PD_ID_INVALID',
    message: `${rule.what} ${describe(value)} cannot be used: it must be an integer from ${rule.minimum} to 2^53 - 1`,
    remedy: `Give the ${rule.what} as an integer from ${rule.minimum} to ${Number.MAX_SAFE_INTEGER}.`,
  });
}

/** A value as it may stand in a message. */
export function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : `of type ${typeof value}`;
}

/** A word that PD knows. Throws `PD_ID_INVALID` for any other. */
export function checkWord(word: string, known: readonly string[], what: string): string {
  if (known.includes(word)) return word;
  throw new PDError({
    code: 'PD_ID_INVALID',
    message: `${describe(word)} is no ${what}`,
    remedy: `Give one of ${known.join(', ')}.`,
  });
}
