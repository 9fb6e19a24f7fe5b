import { OperatorError } from 'operator-core';
import type { ParameterIssue } from 'operator-core';
import type { RegionSelector } from '../model/region.ts';

/**
 * Every error code that the subject itself raises, with its meaning. PD and Prometheus have lists of their own.
 */
export const TIKV_ERROR_CODES = {
  TIKV_PARAMETERS_INVALID: 'A method of the subject was called with values that it does not take.',
  TIKV_REGION_NOT_FOUND: 'PD knows no such region.',
  TIKV_STORE_NOT_FOUND: 'PD knows no such store.',
  TIKV_TLS_INVALID: 'A file of certificates or keys cannot be used.',
} as const satisfies Readonly<Record<string, string>>;

/** PD knows no store with this id. */
export function storeNotFound(storeId: string): OperatorError {
  return new OperatorError({
    code: 'TIKV_STORE_NOT_FOUND',
    kind: 'usage',
    message: `PD knows no store ${storeId}`,
    remedy: 'Observe `stores` to see the existing ids.',
    facts: { storeId },
  });
}

/** PD knows no region with this id, or none that contains this key. */
export function regionNotFound(selector: RegionSelector): OperatorError {
  const what =
    'regionId' in selector
      ? `no region ${selector.regionId}`
      : `no region that contains key ${selector.key}`;
  return new OperatorError({
    code: 'TIKV_REGION_NOT_FOUND',
    kind: 'usage',
    message: `PD knows ${what}`,
    remedy: 'Observe `regions` to see the existing ids; a merge removes an id.',
    facts: { ...selector },
  });
}

/** The error for a configured file without usable content. It repeats nothing of the file. */
export function invalidTls(at: string, reason: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'TIKV_TLS_INVALID',
    kind: 'config',
    message: `The file of ${at} cannot be used: ${reason}`,
    remedy: 'Correct the file, or the configuration that names it; certificates and keys are PEM.',
    facts: { at },
    cause,
  });
}

/** Values that a method does not take, all of them at once. */
export function invalidParameters(
  method: string,
  issues: readonly ParameterIssue[],
): OperatorError {
  const sentences = issues.map(({ path, message }) =>
    path === '' ? message : `${path}: ${message}`,
  );
  return new OperatorError({
    code: 'TIKV_PARAMETERS_INVALID',
    kind: 'usage',
    message: `${method} cannot be called like this: ${sentences.join('; ')}`,
    remedy: 'Correct the values named above. No request was sent to PD.',
    facts: { issues: issues.map(({ path, message }) => ({ path, message })) },
  });
}
