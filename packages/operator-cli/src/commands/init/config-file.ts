import type { JsonObject, JsonValue } from 'operator-core';
import { exampleText } from '../../arguments/example-value.ts';
import type { ConfigKey } from './config-keys.ts';

/** A configuration with one subject. */
export interface NewConfig {
  readonly subject: string;
  readonly plugin: string;
  readonly values: JsonObject;
  readonly keys: Readonly<Record<string, ConfigKey>>;
}

/** The configuration as YAML; keys that were not given are comments. */
export function toYaml({ subject, plugin, values, keys }: NewConfig): string {
  const lines = Object.entries(keys).flatMap(([name, key]) => keyLines(name, key, values[name]));
  const isEmpty = Object.keys(values).length === 0;
  return [
    '# The systems and how to reach them. `operator doctor` checks this file.',
    '# ${NAME} and ${NAME:-default} read the environment: keep secrets there.',
    'subjects:',
    `  ${subject}:`,
    `    plugin: ${scalar(plugin)}`,
    isEmpty ? '    config: {}' : '    config:',
    ...lines.map((line) => `      ${line}`),
    '',
  ].join('\n');
}

/** The configuration as JSON. */
export function toJson({ subject, plugin, values }: NewConfig): string {
  return `${JSON.stringify({ subjects: { [subject]: { plugin, config: values } } }, null, 2)}\n`;
}

function keyLines(name: string, key: ConfigKey, value: JsonValue | undefined): readonly string[] {
  const comment = key.description.split('\n').map((line) => `# ${line}`.trimEnd());
  const about = key.description === '' ? [] : comment;
  if (value !== undefined) return [...about, `${name}: ${scalar(value)}`];
  return [...about, `# ${name}: ${commented(key)}`];
}

function commented(key: ConfigKey): string {
  if (key.example !== undefined) return scalar(key.example);
  if (key.default !== undefined) return scalar(key.default);
  return key.type === 'string' ? scalar(exampleText(key)) : exampleText(key);
}

/** Writes a value as JSON, which is also YAML; a plain word needs no quotes. */
function scalar(value: JsonValue): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain =
    /^[A-Za-z./@][\w./@-]*$/u.test(value) &&
    !/^(?:true|false|null|yes|no|on|off|y|n)$/iu.test(value);
  return isPlain && !value.startsWith('@') ? value : JSON.stringify(value);
}
