import type { JsonObject, JsonValue } from 'operator-core';
import { parseParam } from '../../arguments/parse-param.ts';
import type { ConfigKey } from './config-keys.ts';
import { createUsageError, toHelp } from '../../errors/error-codes.ts';
import type { Output } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import type { Prompter } from '../../asking/prompt.ts';

/** Asks until the answer is usable. An empty answer takes the offered value. */
export async function askText(question: string, prompter: Prompter, offered = ''): Promise<string> {
  const hint = offered === '' ? '' : ` [${offered}]`;
  const answer = await prompter.ask(`${question}${hint}: `);
  if (answer === null) {
    throw createUsageError(['stdin ended before all questions were answered.'], toHelp('init'));
  }
  return answer.trim() || offered || askText(question, prompter, offered);
}

/** Asks for the required keys that have no value yet. */
export async function askForMissing(
  keys: Readonly<Record<string, ConfigKey>>,
  values: JsonObject,
  { prompter, output }: { prompter: Prompter; output: Output },
): Promise<JsonObject> {
  const asked: Record<string, JsonValue> = {};
  for (const [name, key] of Object.entries(keys)) {
    if (!key.required || Object.hasOwn(values, name)) continue;
    asked[name] = await askKey(name, key, { prompter, output });
  }
  return { ...values, ...asked };
}

async function askKey(
  name: string,
  key: ConfigKey,
  { prompter, output }: { prompter: Prompter; output: Output },
): Promise<JsonValue> {
  const several = key.type === 'array' ? ' (several: separated by spaces)' : '';
  const question = printableLine(`${name} – ${key.description}${several}`);
  const text = await askText(question, prompter, offeredText(key));
  const isList = key.type === 'array' && !text.startsWith('[');
  const parsed = parseParam(key, isList ? text.split(/[\s,]+/u).filter(Boolean) : [text]);
  if (parsed.ok) return parsed.value;
  output.note([`${name} ${parsed.problem}.`]);
  return askKey(name, key, { prompter, output });
}

function offeredText({ example }: ConfigKey): string {
  if (example === undefined) return '';
  return typeof example === 'string' ? example : JSON.stringify(example);
}
