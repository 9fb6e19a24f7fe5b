import type { JsonValue } from 'operator-core';
import type { ConfigPath } from '../config/config-issue.ts';
import { createConfigInvalid } from '../config/config-invalid.ts';
import { locate } from '../config/config-schema.ts';
import type { Config, ConfiguredSubject } from '../config/load-config.ts';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
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
  const result = await validate(subject.config, options);
  if (result.issues === undefined) return result.value;
  const above = ['subjects', subject.name, 'config'];
  const issues = result.issues.flatMap((issue) =>
    pathsOf(issue).map((path) => locate(config.document, [...above, ...path], issue.message)),
  );
  throw createConfigInvalid(config.path, issues);
}

async function validate(
  value: JsonValue,
  { loaded, limitMs }: { loaded: LoadedPlugin; limitMs: number },
): Promise<Answer> {
  try {
    const schema = loaded.plugin.config['~standard'];
    const work = Promise.resolve(schema.validate(structuredClone(value)));
    const result = await withinTime(work, { limitMs });
    if (result !== TIMED_OUT) return checkAnswer(result);
  } catch (error) {
    throw misbehaved(loaded.specifier, describeCause(error), error);
  }
  throw misbehaved(loaded.specifier, 'it did not end in time', undefined);
}

/** Types say nothing about code that was compiled elsewhere. */
function checkAnswer(answer: Answer): Answer {
  const { issues }: { issues?: unknown } = answer;
  if (issues !== undefined && !Array.isArray(issues)) throw new Error('its issues are no list');
  return answer;
}

function misbehaved(specifier: string, reason: string, cause: unknown): Error {
  return createEngineError('PLUGIN_MISBEHAVED', {
    message: `The plugin ${specifier} failed to check its configuration: ${reason}.`,
    remedy: 'Tell the author of the plugin.',
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
