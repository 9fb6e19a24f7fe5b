import { isJsonObject } from 'operator-core';
import type { ParamDef } from 'operator-core';

const CANDIDATES = ['1', 'a', 'name', 'a-b', '0', 'A', '1s', '127.0.0.1'];

/** A text for the parameter that its description allows, for examples in help. */
export function exampleText(definition: ParamDef): string {
  const [first] = definition.enum ?? [];
  const fixed = first ?? definition.default;
  if (fixed !== undefined) return typeof fixed === 'string' ? fixed : JSON.stringify(fixed);
  switch (definition.type) {
    case 'integer':
    case 'number':
      return String(exampleNumber(definition));
    case 'string':
      return exampleString(definition);
    case 'boolean':
      return 'true';
    case 'array':
      return exampleList(definition);
    case 'object':
      return '{}';
  }
}

/** One element where the list must not be empty. */
function exampleList({ schema = {} }: ParamDef): string {
  const { minItems, items } = schema;
  if (typeof minItems !== 'number' || minItems < 1) return '[]';
  const type = isJsonObject(items) ? items['type'] : undefined;
  const isNumber = type === 'integer' || type === 'number';
  return JSON.stringify([isNumber ? 1 : 'name']);
}

function exampleNumber({ minimum, maximum }: ParamDef): number {
  const low = Math.max(minimum ?? 1, 1);
  return maximum !== undefined && low > maximum ? maximum : low;
}

function exampleString({ pattern }: ParamDef): string {
  if (pattern === undefined) return 'name';
  const expression = new RegExp(pattern, 'u');
  return CANDIDATES.find((candidate) => expression.test(candidate)) ?? 'VALUE';
}
