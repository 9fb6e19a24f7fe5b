import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkArguments, freePositionals } from '../../src/arguments/check-arguments.ts';
import { interpret } from '../../src/arguments/interpret.ts';
import { tokenize } from '../../src/arguments/tokenize.ts';
import type { Flag } from '../../src/arguments/flag.ts';

const FLAGS: readonly Flag[] = [
  { name: 'region-id', value: 'INTEGER', description: '' },
  { name: 'tag', value: 'TEXT', description: '', isRepeatable: true },
  { name: 'yes', description: '' },
  { name: 'wait', description: '', isNegatable: true },
];

const scan = (...argv: string[]) => interpret(tokenize(argv), FLAGS);
const problemsOf = (...argv: string[]) =>
  checkArguments(scan(...argv), { flags: FLAGS, positionals: 1 });

describe('interpret', () => {
  it('tells flags, values and positionals apart, in any order', () => {
    const { positionals, places, flags } = scan(
      '--region-id',
      '2',
      'run',
      '--yes',
      '--tag=a',
      '--tag',
      'b',
    );
    expect(positionals).toEqual(['run']);
    expect(places).toEqual([2]);
    expect([...flags]).toEqual([
      ['region-id', ['2']],
      ['yes', [true]],
      ['tag', ['a', 'b']],
    ]);
  });

  it('takes underscores for hyphens, negative numbers for values, and the rest after --', () => {
    expect(scan('--region_id', '-2').flags.get('region-id')).toEqual(['-2']);
    expect(scan('--', '--yes', '-x').positionals).toEqual(['--yes', '-x']);
    expect(scan('-').positionals).toEqual(['-']);
    expect(scan('-y').flags.get('yes')).toEqual([true]);
  });

  it('turns switches off only where that means something', () => {
    expect(scan('--no-wait').flags.get('wait')).toEqual([false]);
    expect(scan('--wait=false').flags.get('wait')).toEqual([false]);
    expect(scan('--no-wait=false').flags.get('wait')).toEqual([true]);
    expect(scan('--no-yes').unknown).toHaveLength(1);
  });

  it('keeps an equals sign and an empty text in a value', () => {
    expect(scan('--tag=a=b', '--tag=').flags.get('tag')).toEqual(['a=b', '']);
  });

  it('does not take what follows an unknown flag for a free positional', () => {
    expect(freePositionals(scan('--unknown', '2', 'transfer'))).toEqual(['transfer']);
  });

  it('names every problem at once, with what was probably meant', () => {
    expect(problemsOf('a', 'b', '--regoin-id', '2', '--yes=3', '--region-id', '--tag')).toEqual([
      'There is no flag --regoin-id; did you mean --region-id?',
      '--yes is a switch: it takes no value.',
      '--region-id needs a value (INTEGER).',
      '--tag needs a value (TEXT).',
      'There is an argument too many: "b".',
    ]);
    expect(problemsOf('a', 'region_id=2')).toEqual([
      'There is an argument too many: "region_id=2". Write --region-id=2.',
    ]);
    expect(problemsOf('--region-id', '1', '--region-id=2')).toEqual([
      '--region-id is given more than once.',
    ]);
    expect(problemsOf('--nowait')).toEqual([
      'There is no flag --nowait; did you mean --no-wait or --wait?',
    ]);
  });

  it('law: total, and no argument is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('--yes', '--tag', '--', '-'))),
        (argv) => {
          const { positionals, places } = interpret(tokenize(argv), FLAGS);
          expect(places.map((place) => argv[place])).toEqual(positionals);
          expect(() =>
            checkArguments(interpret(tokenize(argv), FLAGS), { flags: FLAGS, positionals: 0 }),
          ).not.toThrow();
        },
      ),
    );
  });
});
