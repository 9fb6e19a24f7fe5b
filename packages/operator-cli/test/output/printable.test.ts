import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable, printableLine } from '../../src/output/printable.ts';

it('shows control characters instead of sending them to the terminal', () => {
  expect(printable('a\u001B[31mb\u0007\u009B\r\n\t')).toBe('a\\u001b[31mb\\u0007\\u009b\\r\n\\t');
  expect(printableLine('a\nb')).toBe('a\\nb');
  expect(printable('\u202Eabc')).toBe('\\u202eabc');
});

it('law: nothing that a terminal obeys is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printableLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
    }),
  );
});
