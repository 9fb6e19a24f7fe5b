import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenize } from '../../src/arguments/tokenize.ts';

describe('tokenize', () => {
  it('tells flags, texts and the end of flags apart without knowing any flag', () => {
    const kinds = (...argv: string[]) => tokenize(argv).map(({ kind }) => kind);
    expect(kinds('run', '--yes', '-y', '-', '-2', '-2x')).toEqual([
      'text',
      'flag',
      'flag',
      'text',
      'text',
      'text',
    ]);
    expect(kinds('--on', '--', '--off', '--')).toEqual(['flag', 'end', 'text', 'text']);
  });

  it('takes a flag apart: its name with hyphens, and the text behind the first equals sign', () => {
    expect(tokenize(['--region_id=a=b', '-h', '--on'])).toMatchObject([
      { text: '--region_id=a=b', typed: '--region_id', name: 'region-id', inline: 'a=b' },
      { text: '-h', typed: '--help', name: 'help', inline: undefined },
      { typed: '--on', name: 'on', inline: undefined },
    ]);
  });

  it('makes one token of each argument and loses no text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant('--'), fc.constant('-y'))), (argv) => {
        expect(tokenize(argv).map(({ text }) => text)).toEqual(argv);
      }),
    );
  });
});
