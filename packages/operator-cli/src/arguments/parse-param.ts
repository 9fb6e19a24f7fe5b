import { isJsonObject } from 'operator-core';
import type { JsonSchema, JsonValue, ParamDef } from 'operator-core';
import { parseJson } from './parse-json.ts';

/** A value made of command line text, or the problem of the text, as a phrase. */
export type ParsedParam =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: string };

const INTEGER = /^(?:0|-?[1-9]\d*)$/u;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;
const LONGEST_SHOWN = 40;

/**
 * Turns the texts given for one parameter into its value, by the description of the parameter. Several texts
 * are only for arrays. Strict: nothing is rounded, trimmed or guessed.
 */
export function parseParam(definition: ParamDef, texts: readonly string[]): ParsedParam {
  if (definition.type === 'array') return parseArray(definition, texts);
  const [text, ...others] = texts;
  if (text === undefined || others.length > 0) return wrong('must be given exactly once');
  const parsed = parseText(definition, text);
  return parsed.ok ? checkRange(definition, parsed.value) : parsed;
}

function parseText(definition: ParamDef, text: string): ParsedParam {
  switch (definition.type) {
    case 'integer':
      return parseInteger(text);
    case 'number':
      return parseNumber(text);
    case 'boolean':
      return parseBoolean(text);
    case 'string':
      return { ok: true, value: text };
    default:
      return parseStructure(definition.schema ?? {}, text);
  }
}

function parseInteger(text: string): ParsedParam {
  if (!INTEGER.test(text)) return wrong(`must be a whole number in digits, not ${shown(text)}`);
  const value = Number(text);
  if (Number.isSafeInteger(value)) return { ok: true, value };
  return wrong(`must be within ±${Number.MAX_SAFE_INTEGER}: ${shown(text)} cannot be kept exactly`);
}

function parseNumber(text: string): ParsedParam {
  const value = Number(text);
  if (!NUMBER.test(text) || !Number.isFinite(value)) {
    return wrong(`must be a number, not ${shown(text)}`);
  }
  if (INTEGER.test(text) && !Number.isSafeInteger(value)) {
    return wrong(`cannot keep ${shown(text)} exactly`);
  }
  return { ok: true, value: value === 0 ? 0 : value };
}

function parseBoolean(text: string): ParsedParam {
  if (text === 'true' || text === 'false') return { ok: true, value: text === 'true' };
  return wrong(`must be true or false, not ${shown(text)}`);
}

/** Reads JSON; where the schema also allows plain text, other text is taken literally. */
function parseStructure(schema: JsonSchema, text: string): ParsedParam {
  const parsed = parseJson(text);
  if (schema['type'] === 'object') {
    if (!parsed.ok) return wrong(`must be a JSON object: ${parsed.problem}`);
    if (!isJsonObject(parsed.value)) return wrong(`must be a JSON object, not ${shown(text)}`);
    return parsed;
  }
  if (parsed.ok) return parsed;
  return allowsText(schema) ? { ok: true, value: text } : wrong(`must be JSON: ${parsed.problem}`);
}

function allowsText(schema: JsonSchema): boolean {
  if (schema['type'] === 'string') return true;
  if (Array.isArray(schema['type'])) return schema['type'].includes('string');
  const branches = [schema['anyOf'], schema['oneOf']].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return branches.some((branch) => isJsonObject(branch) && allowsText(branch));
}

function parseArray(definition: ParamDef, texts: readonly string[]): ParsedParam {
  const [only, ...others] = texts;
  if (only !== undefined && others.length === 0 && only.trimStart().startsWith('[')) {
    const parsed = parseJson(only);
    if (!parsed.ok) return wrong(`must be a JSON array: ${parsed.problem}`);
    return parsed;
  }
  const item = itemDefinition(definition);
  const parsed = texts.map((text) => parseText(item, text));
  const failed = parsed.find((one) => !one.ok);
  if (failed !== undefined) return failed;
  return { ok: true, value: parsed.flatMap((one) => (one.ok ? [one.value] : [])) };
}

function itemDefinition({ schema }: ParamDef): ParamDef {
  const items = schema?.['items'];
  const itemSchema = isJsonObject(items) ? items : {};
  const types = ['integer', 'number', 'string', 'boolean'] as const;
  const type = types.find((known) => known === itemSchema['type']) ?? 'object';
  return { type, description: '', required: true, schema: itemSchema };
}

function checkRange(definition: ParamDef, value: JsonValue): ParsedParam {
  const { enum: allowed, minimum, maximum } = definition;
  if (allowed !== undefined && !allowed.includes(value)) {
    const names = allowed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    return wrong(`must be one of ${names.join(', ')}`);
  }
  if (typeof value !== 'number') return { ok: true, value };
  if (minimum !== undefined && value < minimum) return wrong(`must be at least ${minimum}`);
  if (maximum !== undefined && value > maximum) return wrong(`must be at most ${maximum}`);
  return { ok: true, value };
}

function wrong(problem: string): ParsedParam {
  return { ok: false, problem };
}

function shown(text: string): string {
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}
