import { unknownBecause, viewIssues } from 'operator-core';
import type { View } from 'operator-core';
import { describe, expect, it } from 'vitest';

const view: View = {
  rows: 'lamps',
  complete: 'complete',
  columns: [
    { key: 'id', title: 'LAMP' },
    { key: 'bulb.watts', title: 'POWER' },
  ],
  below: [{ title: 'Rooms', rows: 'rooms', columns: [{ key: 'name', title: 'ROOM' }] }],
};
const bright = { id: 1, bulb: { watts: 40 } };
const value = { lamps: [bright], rooms: [{ name: 'hall' }], complete: true };

describe('viewIssues', () => {
  it('has nothing to say about a value that has all that the view names', () => {
    expect(viewIssues(view, value)).toEqual([]);
  });

  it.each([
    ['no rows', { ...value, lamps: [], rooms: [] }],
    ['a value that is null', { ...value, lamps: [{ id: 1, bulb: { watts: null } }] }],
    ['a value that is unknown', { ...value, lamps: [{ id: 1, bulb: unknownBecause('dark') }] }],
    ['rows that are unknown', { ...value, lamps: unknownBecause('dark') }],
    ['a column that only some rows have', { ...value, lamps: [{ id: 2 }, bright] }],
    ['a completeness that is unknown', { ...value, complete: unknownBecause('dark') }],
  ])('takes %s', (_, different) => {
    expect(viewIssues(view, different)).toEqual([]);
  });

  it('names all that is missing at once', () => {
    const other = { lamps: [{ id: 1 }], rooms: { hall: {} } };
    expect(viewIssues(view, other)).toEqual([
      "the view's column bulb.watts is in no row of lamps",
      "the view's `complete` is complete, which the value does not have",
      "the view's rows are rooms, which is not a list of the value",
    ]);
  });

  it('looks at the value itself where the view names no rows', () => {
    const list: View = { columns: [{ key: 'id', title: 'LAMP' }] };
    expect(viewIssues(list, { id: 1 })).toEqual([]);
    expect(viewIssues(list, { name: 'hall' })).toEqual([
      "the view's column id is in no row of the value",
    ]);
  });

  it('refuses rows that are no objects', () => {
    expect(viewIssues(view, { ...value, lamps: ['hall'] })).toHaveLength(2);
  });
});
