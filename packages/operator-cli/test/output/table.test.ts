import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStyle } from '../../src/output/style.ts';
import { formatTable } from '../../src/output/table.ts';
import { textWidth, truncateText, wrapText } from '../../src/output/text-width.ts';

const style = createStyle(false);
const table = {
  columns: [{ title: 'Store', isNumber: true }, { title: 'Address' }, { title: 'State' }],
  rows: [
    ['1', 'tikv-1.tikv.cluster.local:20160', 'Up'],
    ['12', 'short:20160', 'Down'],
  ],
};

describe('formatTable', () => {
  it('cuts nothing where nothing has to fit', () => {
    expect(formatTable(table, { width: null, style })).toEqual([
      'Store  Address                          State',
      '    1  tikv-1.tikv.cluster.local:20160  Up',
      '   12  short:20160                      Down',
    ]);
  });

  it('cuts the widest text to fit a terminal, never a number', () => {
    expect(formatTable(table, { width: 30, style })).toEqual([
      'Store  Address           State',
      '    1  tikv-1.tikv.clu…  Up',
      '   12  short:20160       Down',
    ]);
  });

  it('becomes blocks where a terminal is too narrow for any table', () => {
    expect(formatTable(table, { width: 12, style })).toEqual([
      'Store    1',
      'Address  tikv-1.tikv.cluster.local:20160',
      'State    Up',
      '',
      'Store    12',
      'Address  short:20160',
      'State    Down',
    ]);
  });

  it('law: a table never is wider than the terminal', () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell)),
        fc.integer({ min: 30, max: 80 }),
        (rows, width) => {
          const columns = [{ title: 'One' }, { title: 'Other' }];
          for (const line of formatTable({ columns, rows }, { width, style })) {
            expect(textWidth(line)).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });
});

describe('texts', () => {
  it('know how wide they are on a terminal', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth(createStyle(true).red('abc'))).toBe(3);
  });

  it('are cut with an ellipsis, and only where they are too long', () => {
    expect(truncateText('abcdef', 6)).toBe('abcdef');
    expect(truncateText('abcdef', 4)).toBe('abc…');
    expect(truncateText('日本語', 4)).toBe('日…');
  });

  it('law: wrapping loses no word', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
        const words = (line: string) => line.split(' ').filter(Boolean);
        expect(wrapText(text, width).flatMap(words)).toEqual(words(text));
      }),
    );
  });
});
