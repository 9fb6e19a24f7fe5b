import type { ActionDefinition, JsonValue, ParamDef } from 'operator-core';
import { parseParam } from '../arguments/parse-param.ts';

type Parameters = ActionDefinition['parameters'];
type Given = Readonly<Record<string, JsonValue>>;

/**
 * Parameters with loose arguments put where they fit: `store=4` by its name, `4` into the first required
 * parameter that is missing and takes it. `null` when an argument fits nowhere. A parameter that is still
 * missing becomes its name in capitals.
 */
export function fillParameters(
  definitions: Parameters,
  given: Given,
  loose: readonly string[],
): Given | null {
  const filled: Record<string, JsonValue> = { ...given };
  for (const text of loose) {
    const place = findPlace(definitions, filled, text);
    if (place === null) return null;
    filled[place.name] = place.value;
  }
  for (const [name, { required }] of Object.entries(definitions)) {
    if (required) filled[name] ??= name.toUpperCase();
  }
  return filled;
}

interface Place {
  readonly name: string;
  readonly value: JsonValue;
}

function findPlace(definitions: Parameters, filled: Given, text: string): Place | null {
  const [key = '', value] = text.split('=', 2);
  const open = Object.entries(definitions).filter(([name]) => !Object.hasOwn(filled, name));
  const fitting =
    value === undefined
      ? open.filter(([, { required }]) => required)
      : open.filter(([name, { entity }]) => isCalled(key, name, entity));
  for (const [name, definition] of fitting) {
    const parsed = parseParam(definition, [value ?? text]);
    if (parsed.ok) return { name, value: parsed.value };
  }
  return null;
}

function isCalled(key: string, name: string, entity: ParamDef['entity']): boolean {
  const wanted = key.replaceAll('-', '_').toLowerCase();
  return wanted === name || `${wanted}_id` === name || wanted === entity;
}
