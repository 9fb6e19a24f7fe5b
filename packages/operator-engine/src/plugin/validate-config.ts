import type { AnyParametersSchema, JsonObject, JsonValue } from 'operator-core';
import type { ConfigPath } from '../config/config-issue.ts';
import { createConfigInvalid } from '../config/config-invalid.ts';
import { locate } from '../config/config-schema.ts';
import type { Config, ConfiguredSubject } from '../config/load-config.ts';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import type { PluginLocation } from './import-plugin.ts';
import type { LoadedPlugin } from './load-plugin.ts';
import { TIMED_OUT, withinTime } from '../base/signals.ts';

type Answer = Awaited<ReturnType<LoadedPlugin['plugin']['config']['~standard']['validate']>>;
type SchemaIssue = NonNullable<Answer['issues']>[number];

/**
 * The subject's configuration as the plugin's schema gives it. Throws `CONFIG_INVALID` with the path
 * and line of everything that the schema refuses.
 */
export async function validateConfig(
  config: Config,
  subject: ConfiguredSubject,
  options: { loaded: LoadedPlugin; limitMs: number },
): Promise<unknown> {
  const { loaded, limitMs } = options;
  const above = ['subjects', subject.name, 'config'];
  const { config: schema } = loaded.plugin;
  return validateSettings(config, subject.config, { above, schema, loaded, limitMs });
}

/** Settings of a package, and the schema that they must match. */
export interface SettingsCheck {
  /** Place of the settings in the configuration. */
  readonly above: readonly string[];
  readonly schema: AnyParametersSchema;
  readonly loaded: PluginLocation;
  readonly limitMs: number;
}

/** The same for the settings of any package that a configuration names. */
export async function validateSettings(
  config: Config,
  settings: JsonObject,
  check: SettingsCheck,
): Promise<unknown> {
  const result = await validate(settings, check);
  if (result.issues === undefined) return result.value;
  const { above } = check;
  const issues = result.issues.flatMap((issue) =>
    pathsOf(issue).map((path) => locate(config.document, [...above, ...path], issue.message)),
  );
  throw createConfigInvalid(config.path, issues);
}

async function validate(
  value: JsonValue,
  { schema, loaded, limitMs }: SettingsCheck,
): Promise<Answer> {
  try {
    const standard = schema['~standard'];
    const work = Promise.resolve(standard.validate(structuredClone(value)));
    const result = await withinTime(work, { limitMs });
    if (result !== TIMED_OUT) return checkAnswer(result);
  } catch (error) {
    throw misbehaved(loaded, describeCause(error), error);
  }
  throw misbehaved(loaded, 'it did not end in time', undefined);
}

/** Types say nothing about code that was compiled elsewhere. */
function checkAnswer(answer: Answer): Answer {
  const { issues }: { issues?: unknown } = answer;
  if (issues !== undefined && !Array.isArray(issues)) throw new Error('its issues are no list');
  return answer;
}

function misbehaved(
  { specifier, role = 'plugin' }: PluginLocation,
  reason: string,
  cause: unknown,
): Error {
  return createEngineError('PLUGIN_MISBEHAVED', {
    message: `The ${role} ${specifier} failed to check its configuration: ${reason}.`,
    remedy: `Tell the author of the ${role}.`,
    facts: { plugin: specifier },
    cause,
  });
}

function pathsOf(issue: SchemaIssue): readonly ConfigPath[] {
  const path = (issue.path ?? []).map((part) => {
    const key = typeof part === 'object' ? part.key : part;
    return typeof key === 'number' ? key : String(key);
  });
  // zod says of unknown keys only whose they are; the keys themselves are what has a line.
  const keys = 'keys' in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : [];
  return keys.length === 0 ? [path] : keys.map((key) => [...path, key]);
}
