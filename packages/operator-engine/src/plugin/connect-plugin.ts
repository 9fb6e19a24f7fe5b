import { OperatorError } from 'operator-core';
import type { Subject } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { TIMED_OUT, createInterrupted, isAborted, withinTime } from '../base/signals.ts';
import type { LoadedPlugin } from './load-plugin.ts';
import type { SubjectHost } from './plugin-host.ts';

const SUBJECT_FUNCTIONS = ['identify', 'send', 'close'] as const;

/** Options of a connection. */
export interface ConnectOptions {
  /** Configuration, as the plugin's schema gave it. */
  readonly config: unknown;
  readonly host: SubjectHost;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the subject. Fails with the plugin's own error, `PLUGIN_CONNECT_FAILED` or
 * `PLUGIN_CONNECT_TIMEOUT`; a subject that comes too late is closed.
 */
export async function connectPlugin(
  { plugin, specifier }: LoadedPlugin,
  { config, host, limitMs, signal }: ConnectOptions,
): Promise<Subject> {
  const work = (async () => await plugin.connect(config, host))();
  const subject = await withinTime(work, { limitMs, signal }).catch((error: unknown) => {
    closeWhenLate(work);
    if (isAborted(signal)) throw createInterrupted(`connecting ${host.subjectName}`);
    if (OperatorError.isInstance(error)) throw error;
    throw createFailed(specifier, describeCause(error), error);
  });
  if (subject === TIMED_OUT) {
    closeWhenLate(work);
    throw createEngineError('PLUGIN_CONNECT_TIMEOUT', {
      message: `The plugin ${specifier} did not connect ${host.subjectName} in ${limitMs / 1000} s.`,
      remedy: 'Try again; if it happens again, tell the author of the plugin.',
      facts: { plugin: specifier, subject: host.subjectName, limitMs },
      retryable: true,
    });
  }
  const missing = missingFunctions(subject);
  if (missing.length === 0) return subject;
  throw createFailed(
    specifier,
    `it returned a value that is not a subject; missing: ${missing.join(', ')}`,
  );
}

function missingFunctions(subject: unknown): readonly string[] {
  if (typeof subject !== 'object' || subject === null) return SUBJECT_FUNCTIONS;
  const members: object = subject;
  return SUBJECT_FUNCTIONS.filter((name) => {
    const member: unknown = Reflect.get(members, name);
    return typeof member !== 'function';
  });
}

function createFailed(specifier: string, reason: string, cause?: unknown): OperatorError {
  return createEngineError('PLUGIN_CONNECT_FAILED', {
    message: `The plugin ${specifier} failed to connect: ${reason}.`,
    remedy:
      'Check the configuration of the subject; if it is right, tell the author of the plugin.',
    facts: { plugin: specifier },
    cause,
  });
}

function closeWhenLate(work: Promise<Subject>): void {
  work.then(async (subject) => subject.close()).catch(() => undefined);
}
