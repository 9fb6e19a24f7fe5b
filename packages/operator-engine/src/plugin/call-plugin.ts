import { ERROR_KINDS, isJsonValue, OperatorError } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { describeCause } from '../errors/describe-cause.ts';
import {
  TIMED_OUT,
  createInterrupted,
  isAborted,
  joinSignals,
  withinTime,
} from '../base/signals.ts';
import { isNetworkError } from './network-error.ts';

/** Options of a call into a plugin. */
export interface PluginCall {
  /** The current step, as a phrase after "while": `planning transfer_leader`. */
  readonly what: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls code of a plugin. It comes back in time, with the plugin's own {@link OperatorError} or with
 * one of ours: `PLUGIN_TIMEOUT`, `SUBJECT_UNREACHABLE` for an error of Node's network code, `PLUGIN_MISBEHAVED`
 * for anything else it throws, `INTERRUPTED` when the caller's signal ends it. The plugin's signal also ends when the time is over.
 */
export async function callPlugin<Value>(
  call: PluginCall,
  run: (signal: AbortSignal) => Value | Promise<Value>,
): Promise<Value> {
  const { what, limitMs, signal } = call;
  if (isAborted(signal)) throw createInterrupted(what);
  const stop = new AbortController();
  const inner = joinSignals(signal, stop.signal);
  try {
    // Inside an async function, so that what is thrown at once arrives like all else.
    const work = (async () => await run(inner))();
    const result = await withinTime(work, { limitMs, signal });
    if (result !== TIMED_OUT) return result;
  } catch (error) {
    if (isAborted(signal)) throw createInterrupted(what);
    throw toOperatorError(error, what);
  }
  const error = createTimeout(what, limitMs);
  stop.abort(error);
  throw error;
}

function createTimeout(what: string, limitMs: number): OperatorError {
  return createEngineError('PLUGIN_TIMEOUT', {
    message: `The plugin did not finish ${what} in ${limitMs / 1000} s.`,
    remedy: 'Try again; if it happens again, tell the author of the plugin.',
    facts: { while: what, limitMs },
    retryable: true,
  });
}

/** A plugin's own error as it is; anything else it threw as `PLUGIN_MISBEHAVED`. */
function toOperatorError(error: unknown, what: string): OperatorError {
  if (isUsableError(error)) return error;
  if (isNetworkError(error)) return createUnreachable(error, what);
  return createEngineError('PLUGIN_MISBEHAVED', {
    message: `The plugin failed while ${what}: ${describeCause(error)}.`,
    remedy: 'Tell the author of the plugin: failures must be thrown as OperatorError.',
    facts: { while: what },
    cause: error,
  });
}

function createUnreachable(error: unknown, what: string): OperatorError {
  return createEngineError('SUBJECT_UNREACHABLE', {
    message: `The system could not be reached while ${what}: ${describeCause(error)}.`,
    remedy: 'Check that the system is up and reachable from this machine, then try again.',
    facts: { while: what },
    retryable: true,
    cause: error,
  });
}

function isUsableError(error: unknown): error is OperatorError {
  try {
    if (!OperatorError.isInstance(error)) return false;
    const { code, message, kind } = error;
    const { text: remedy, next } = OperatorError.remedyOf(error);
    const areTexts = [code, message, remedy].every((text) => typeof text === 'string');
    const isData = isJsonValue(next) && Array.isArray(next);
    return areTexts && isData && /^[A-Z][A-Z0-9_]*$/u.test(code) && ERROR_KINDS.includes(kind);
  } catch {
    return false;
  }
}
