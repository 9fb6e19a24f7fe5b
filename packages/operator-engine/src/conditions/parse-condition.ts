import { createEngineError } from '../errors/engine-error.ts';
import type { ConditionText, Operator } from './condition.ts';

const PARTS =
  /^\s*(?<observation>[a-z][a-z0-9_]*)(?:\((?<parameters>[^()]*)\))?(?:\[(?<key>[\w.]+)=(?<row>[^[\]]*)\])?\.(?<field>[\w.]+)\s*(?<operator>!=|<=|>=|=|<|>)(?<value>[^=<>!].*)$/su;

/** Grammar of a condition, for messages. */
const CONDITION_GRAMMAR =
  'NAME.rows=NUMBER, NAME[FIELD=VALUE].FIELD=VALUE, or NAME.FIELD=VALUE where the observation has no rows; parameters stand behind the name, as in NAME(id=1); comparisons are = != < <= > >=';

/** Takes a typed condition apart. Throws `CONDITION_INVALID`. */
export function parseCondition(text: string): ConditionText {
  const parts = PARTS.exec(text)?.groups;
  if (parts === undefined) throw createInvalid(text, 'it cannot be read', CONDITION_GRAMMAR);
  const { observation = '', field = '', operator = '', value = '', key, row = '' } = parts;
  return {
    text: text.trim(),
    observation,
    parameters: parsePairs(text, parts['parameters'] ?? ''),
    row: key === undefined ? null : { key, value: unquote(row) },
    field,
    // One of the alternatives of the pattern.
    operator: operator as Operator,
    value: unquote(value),
  };
}

/** `CONDITION_INVALID`. `expected`: what could stand there. */
export function createInvalid(text: string, problem: string, expected: string): Error {
  return createEngineError('CONDITION_INVALID', {
    message: `The condition ${JSON.stringify(text.slice(0, 200))} cannot be used: ${problem}.`,
    remedy: `Write ${expected}.`,
    facts: { condition: text.slice(0, 200) },
  });
}

function parsePairs(text: string, pairs: string): Readonly<Record<string, string>> {
  if (pairs.trim() === '') return {};
  return Object.fromEntries(
    pairs.split(',').map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw createInvalid(text, `${pair.trim()} is no parameter`, CONDITION_GRAMMAR);
      return [pair.slice(0, at).trim(), unquote(pair.slice(at + 1))];
    }),
  );
}

function unquote(text: string): string {
  const trimmed = text.trim();
  return /^"[^"]*"$/u.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}
