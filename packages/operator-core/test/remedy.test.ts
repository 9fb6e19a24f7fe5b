import { advise, toRemedy, wordRemedy } from 'operator-core';
import { describe, expect, it } from 'vitest';

const look = { operation: 'observe', observation: 'lamps' };
const swap = { operation: 'run', action: 'swap_bulb', parameters: { lamp: 1 } };

describe('a remedy', () => {
  it('names its operations in the text and lists them in the same order', () => {
    expect(advise`Look (${look}), then ${swap}.`).toEqual({
      text: 'Look (`observe lamps`), then `run swap_bulb`.',
      next: [look, swap],
    });
  });

  it('takes over a text, and another remedy with its operations', () => {
    const first = advise`Look: ${look}.`;
    expect(advise`${first} ${'Then wait'} or ${swap}.`).toEqual({
      text: 'Look: `observe lamps`. Then wait or `run swap_bulb`.',
      next: [look, swap],
    });
  });

  it('has no operations where only a sentence was given', () => {
    expect(toRemedy('Wait.')).toEqual({ text: 'Wait.', next: [] });
    expect(toRemedy(advise`Wait.`)).toEqual({ text: 'Wait.', next: [] });
  });

  it('gets the words of a surface for each operation, in order', () => {
    const words = wordRemedy(advise`First ${look}, then ${swap}, then ${look}.`, (one) =>
      [one.operation, ...Object.keys(one).slice(1)].join(' '),
    );
    expect(words).toBe(
      'First `observe observation`, then `run action parameters`, then `observe observation`.',
    );
  });

  it('keeps its text where an operation is listed and not named', () => {
    expect(wordRemedy({ text: 'Wait for `this`.', next: [look, swap] }, () => 'x')).toBe(
      'Wait for `this`.',
    );
  });
});
