import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LETTERS = 9;
const RANDOM_LETTERS = 7;

/**
 * Makes the id of a run: 16 letters and digits, the time first, so that ids sort as they were made,
 * and 35 random bits, so that processes need not ask each other.
 */
export function createRunId(now: number): string {
  const time = Array.from({ length: TIME_LETTERS }, (_, index) =>
    letter(Math.floor(now / 32 ** (TIME_LETTERS - 1 - index))),
  );
  return [...time, ...Array.from(randomBytes(RANDOM_LETTERS), letter)].join('');
}

function letter(value: number): string {
  return ALPHABET[value % 32] ?? '0';
}
