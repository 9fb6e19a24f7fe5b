import { advise, OperatorError } from 'operator-core';
import type { ErrorKind } from 'operator-core';
import { createCliError } from '../errors/error-codes.ts';
import { exitCodeOf } from '../errors/exit-code.ts';
import { LIST_RUNS } from '../errors/process-errors.ts';
import { formatError } from './error-view.ts';
import type { ErrorView } from './error-view.ts';
import type { Output } from './output.ts';

/** Options of a report. */
export interface ReportOptions {
  readonly output: Output;
  readonly trace: boolean;
  readonly signal: AbortSignal;
}

/** Reports an error, as a document or for people, and returns the exit code. */
export function reportError(thrown: unknown, { output, trace, signal }: ReportOptions): number {
  const error = toOperatorError(thrown, signal);
  if (output.format === 'text') output.note(formatError(toErrorView(error), output.notes));
  else output.emit('operator.error/1', { error: OperatorError.toDocument(error) });
  if (trace) output.note(formatStacks(error));
  return exitCodeOf(error);
}

/** View of an error for people, by its kind. */
export function toErrorView(error: OperatorError): ErrorView {
  return {
    heading: HEADINGS[error.kind] ?? 'Error',
    error: OperatorError.toDocument(error),
    showsFacts: KINDS_WITH_FACTS.includes(error.kind),
  };
}

const HEADINGS: Readonly<Partial<Record<ErrorKind, string>>> = {
  refused: 'Refused',
  needs_approval: 'Not sent',
  stale: 'Not sent',
  failed: 'Not done',
  unverified: 'Not proven',
  interrupted: 'Interrupted',
};

const KINDS_WITH_FACTS: readonly ErrorKind[] = [
  'refused',
  'stale',
  'failed',
  'unverified',
  'unreachable',
];

function toOperatorError(thrown: unknown, signal: AbortSignal): OperatorError {
  const isOurs = OperatorError.isInstance(thrown);
  if (isOurs && thrown.kind !== 'interrupted') return thrown;
  // A command that was stopped because of an error ends with that error.
  if (signal.aborted && !isAbort(signal.reason)) return createInternal(signal.reason);
  if (isOurs) return thrown;
  if (signal.aborted) {
    return createCliError('INTERRUPTED', {
      message: 'Interrupted. Nothing was sent.',
      remedy: 'Run the command again to do it.',
      cause: thrown,
    });
  }
  return createInternal(thrown);
}

function isAbort(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError';
}

function createInternal(thrown: unknown): OperatorError {
  return createCliError('INTERNAL_ERROR', {
    message: describe(thrown),
    remedy: advise`If a run was under way, look first with ${LIST_RUNS}. Then report what --trace prints.`,
    cause: thrown,
  });
}

function describe(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return text.split('\n')[0] ?? '';
  } catch {
    return 'Something was thrown that cannot be shown.';
  }
}

function formatStacks(thrown: unknown): readonly string[] {
  const lines: string[] = [];
  for (let error = thrown; error instanceof Error && lines.length < 100; error = error.cause) {
    lines.push(...(error.stack ?? String(error)).split('\n'));
  }
  return lines;
}
