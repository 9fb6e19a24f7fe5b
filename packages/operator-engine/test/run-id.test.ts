import { expect, it } from 'vitest';
import { createRunId } from '../src/ledger/run-id.ts';

it('makes short ids that sort by time and do not repeat', () => {
  const times = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 2 ** 44];
  const ids = times.map(createRunId);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => /^[0-9a-hjkmnp-tv-z]{16}$/u.test(id))).toBe(true);
  const many = Array.from({ length: 10_000 }, () => createRunId(5));
  expect(new Set(many).size).toBe(many.length);
});
