import { advise } from 'operator-core';
import type { Config, ConfiguredSubject } from '../config/load-config.ts';
import type { Environment } from '../identity/environment.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { operations } from '../errors/operations.ts';
import { findNamed } from '../planning/find-named.ts';

/**
 * The subject with a name; without a name, that of `OPERATOR_SUBJECT`, else the only subject. Throws
 * `SUBJECT_NOT_FOUND` and `SUBJECT_AMBIGUOUS`.
 */
export function chooseSubject(
  { path, subjects }: Config,
  given: string | undefined,
  env: Environment,
): ConfiguredSubject {
  const name = given ?? nameDefault({ subjects }, env);
  if (name !== undefined) {
    return findNamed(name, subjects, { code: 'SUBJECT_NOT_FOUND', of: 'subject' });
  }
  const names = subjects.map((subject) => subject.name);
  throw createEngineError('SUBJECT_AMBIGUOUS', {
    message: `${path} has ${names.length} subjects, and none was chosen.`,
    remedy: advise`Choose one of ${names.join(', ')}: ${operations.chooseSubject}, or OPERATOR_SUBJECT in the environment.`,
    facts: { names },
  });
}

/**
 * Name of the subject that is used when the caller names none: that of `OPERATOR_SUBJECT`, else the only
 * subject.
 */
export function nameDefault(
  { subjects }: Pick<Config, 'subjects'>,
  env: Environment,
): string | undefined {
  const only = subjects.length === 1 ? subjects[0]?.name : undefined;
  return env['OPERATOR_SUBJECT'] || only;
}
