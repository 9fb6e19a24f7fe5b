import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable, printableJson, printableLine } from '../../src/output/printable.ts';

it('shows control characters instead of sending them to the terminal', () => {
  expect(printable('a\u001B[31mb\u0007\u009B\r\n\t')).toBe('a\\u001b[31mb\\u0007\\u009b\\r\n\\t');
  expect(printableLine('a\nb')).toBe('a\\nb');
  expect(printable('\u202Eabc')).toBe('\\u202eabc');
});

it('law: nothing that a terminal obeys is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printableLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

it('law: a JSON document keeps its meaning and holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const document: unknown = JSON.parse(json);
      const text = printableJson(JSON.stringify(document, null, 2));
      expect(JSON.parse(text)).toEqual(document);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
  expect(printableJson('"\u009B\u202Eab\u{E0041}"')).toBe(String.raw`"\u009b\u202eab\udb40\udc41"`);
});
