import type { ParamDef } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { exampleText } from '../../src/arguments/example-value.ts';

function list(schema: NonNullable<ParamDef['schema']>): ParamDef {
  return { type: 'array', description: 'd', required: true, schema };
}

describe('the example for a list in help', () => {
  it('is empty only where an empty list is allowed', () => {
    expect(exampleText(list({ type: 'array', items: { type: 'string' } }))).toBe('[]');
    expect(exampleText(list({ minItems: 1, items: { type: 'string' } }))).toBe('["name"]');
    expect(exampleText(list({ minItems: 2, items: { type: 'integer' } }))).toBe('[1]');
  });
});
