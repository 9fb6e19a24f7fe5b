import type { Config, ConfiguredSubject } from '../config/load-config.ts';
import { createEngineError } from '../engine-error.ts';
import type { ExchangeObserver } from '../http/http-exchange.ts';
import { WriteGuard } from '../http/write-guard.ts';
import type { EngineLimits } from '../limits.ts';
import { connectPlugin } from '../plugin/connect-plugin.ts';
import type { LoadedPlugin } from '../plugin/load-plugin.ts';
import { SubjectHost } from '../plugin/plugin-host.ts';
import { Connection } from './connection.ts';
import { GatedSubject } from './gated-subject.ts';

/** What a subject is opened with: everything is checked, nothing is connected. */
export interface SubjectParts {
  readonly config: Config;
  readonly subject: ConfiguredSubject;
  readonly loaded: LoadedPlugin;
  /** The subject's configuration as the plugin's schema gave it. */
  readonly settings: unknown;
  readonly limits: EngineLimits;
  readonly observer: ExchangeObserver | undefined;
}

/** Puts a subject behind the gate. It connects when it is first needed, and again after a failure. */
export function createGatedSubject(parts: SubjectParts): GatedSubject {
  const { subject, loaded, limits } = parts;
  let connecting: Promise<Connection> | null = null;
  let isClosed = false;
  const connect = async (signal: AbortSignal | undefined): Promise<Connection> => {
    if (isClosed) throw createClosed(subject.name);
    connecting ??= openConnection(parts, signal).catch((error: unknown) => {
      connecting = null;
      throw error;
    });
    return connecting;
  };
  const close = async (): Promise<void> => {
    isClosed = true;
    const connection = await connecting?.catch(() => null);
    connecting = null;
    await connection?.close(limits.stopMs);
  };
  return new GatedSubject({ subjectName: subject.name, loaded, limits, connect }, close);
}

async function openConnection(
  { config, subject, loaded, settings, limits, observer }: SubjectParts,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const guard = new WriteGuard(subject.name, loaded.plugin.reads ?? []);
  const host = new SubjectHost(subject.name, { directory: config.directory, guard, observer });
  try {
    const limitMs = limits.connectMs;
    const connected = await connectPlugin(loaded, { config: settings, host, limitMs, signal });
    const connection = new Connection(connected, { guard, host });
    if (guard.lastDenial === null) return connection;
    await connection.close(limits.stopMs);
  } catch (error) {
    await host.close();
    throw guard.lastDenial ?? error;
  }
  throw guard.lastDenial;
}

function createClosed(name: string): Error {
  return createEngineError('SUBJECT_CLOSED', {
    message: `The subject ${name} has been closed.`,
    remedy: 'Open it again.',
    facts: { subject: name },
  });
}
