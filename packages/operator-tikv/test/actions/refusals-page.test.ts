import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { refusals } from '../../src/actions/checks/refusals.ts';
import { answeredRows, foreseenRows, readRows } from './refusal-table.ts';

const page = readFileSync(new URL('../../../../docs/tikv-refusals.md', import.meta.url), 'utf8');
const FORESEEN_BY_PLANS = 'Foreseen by the plan';
const SAID_BY_PD = 'Said by PD only';
const OTHERWISE = 'Words that are no refusal';

/** Every test of this folder whose name is written out. */
const writtenTests = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.test.ts'))
  .flatMap((file) => {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    return [...source.matchAll(/\btest\('([^']+)'/gu)].map(([, name]) => name);
  });

test('the table of what plans foresee says what its tests show', () => {
  expect(readRows(page, FORESEEN_BY_PLANS)).toEqual(foreseenRows());
});

test('the table of what only PD can say says what its tests show', () => {
  expect(readRows(page, SAID_BY_PD)).toEqual(answeredRows());
});

test('every code of the plugin stands in a table, and no other', () => {
  const rows = [...readRows(page, FORESEEN_BY_PLANS), ...readRows(page, SAID_BY_PD)];
  const codes = new Set(rows.map(([, code = '']) => code.replaceAll('`', '')));
  expect([...codes].toSorted()).toEqual(Object.keys(refusals).toSorted());
});

test('every code is described with what the plugin says of it', () => {
  const described = readRows(page, 'The codes').map(([code = '', meaning]) => [
    code.replaceAll('`', ''),
    meaning,
  ]);
  expect(Object.fromEntries(described)).toEqual(refusals);
});

test('words that are no refusal name tests that exist', () => {
  const rows = readRows(page, OTHERWISE);
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    const named = row.at(-1) ?? '';
    if (named !== '—') expect(writtenTests).toContain(named);
  }
});
