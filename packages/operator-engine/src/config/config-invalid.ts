import type { OperatorError } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import type { ConfigIssue } from './config-issue.ts';

const SHOWN = 50;

/** `CONFIG_INVALID`, or `POLICY_INVALID`, with every mistake, in the order of the file. */
export function createConfigInvalid(
  file: string,
  issues: readonly ConfigIssue[],
  what: 'configuration' | 'policy' = 'configuration',
): OperatorError {
  const sorted = issues.toSorted(
    (one, other) => one.line - other.line || one.column - other.column,
  );
  const listed = sorted.slice(0, SHOWN).map((issue) => `  ${describeIssue(file, issue)}`);
  const hidden = sorted.length - listed.length;
  const rest = hidden > 0 ? [`  and ${hidden} more`] : [];
  const count = sorted.length === 1 ? 'a mistake' : `${sorted.length} mistakes`;
  return createEngineError(what === 'policy' ? 'POLICY_INVALID' : 'CONFIG_INVALID', {
    message: [`The ${what} has ${count}:`, ...listed, ...rest].join('\n'),
    remedy: 'Correct the listed places in the file.',
    facts: { file, issues: sorted.slice(0, SHOWN).map((issue) => ({ ...issue })) },
  });
}

function describeIssue(file: string, { path, line, column, message }: ConfigIssue): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`;
}
