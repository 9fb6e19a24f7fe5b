/** A decimal number without loss of digits, or `null` for any other text. */
export function toNumber(text: string): number | null {
  if (!/^-?\d{1,15}(?:\.\d{1,9})?$/u.test(text)) return null;
  return Number(text);
}
