import { ActionRegistry, describeActions } from 'operator-core';
import type { Config, ConfiguredSubject } from '../config/load-config.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { createInterrupted, isAborted, untilAborted } from '../base/signals.ts';
import type { ExchangeObserver } from '../http/http-exchange.ts';
import { WriteGuard } from '../http/write-guard.ts';
import type { EngineLimits } from '../config/limits.ts';
import { connectPlugin } from '../plugin/connect-plugin.ts';
import type { LoadedPlugin } from '../plugin/load-plugin.ts';
import { FileMemory, toMemoryPlace } from '../plugin/file-memory.ts';
import { SubjectHost } from '../plugin/plugin-host.ts';
import { Connection } from '../subject/connection.ts';
import type { GateContext, GateServices } from '../subject/gate-context.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { PlanSecrets } from '../secrets/plan-secrets.ts';
import { redactError } from '../secrets/redact-error.ts';
import { redactExchange } from '../secrets/redact-exchange.ts';

/** Receives the reason for which a subject waits, as a sentence without full stop. */
export type WaitingObserver = (subjectName: string, what: string) => void;

/** Options for opening a subject: everything is checked, nothing is connected. */
export interface SubjectParts {
  readonly config: Config;
  readonly subject: ConfiguredSubject;
  readonly loaded: LoadedPlugin;
  /** The subject's configuration as the plugin's schema gave it. */
  readonly settings: unknown;
  readonly limits: EngineLimits;
  readonly observer: ExchangeObserver | undefined;
  readonly onWaiting: WaitingObserver | undefined;
}

/** A subject that was loaded: one plugin, one connection and one memory of secrets for all actors. */
export class SharedSubject {
  readonly #parts: SubjectParts;
  readonly #secrets: KnownSecrets;
  readonly #planSecrets = new PlanSecrets();
  readonly #actions: ActionRegistry;
  readonly #connector: Connector;

  constructor(parts: SubjectParts) {
    const { loaded, settings } = parts;
    this.#parts = parts;
    this.#secrets = new KnownSecrets(() => ({ config: settings, schema: describeConfig(loaded) }));
    this.#actions = new ActionRegistry({
      getActionDefinitions: () => describeActions(loaded.plugin.actions),
    });
    this.#connector = new Connector(parts, this.#secrets);
  }

  /** The gate of the subject for one actor. It connects when it is first needed, and again after a failure. */
  contextFor(services: GateServices): GateContext {
    const { subject, loaded, limits } = this.#parts;
    return {
      subjectName: subject.name,
      loaded,
      limits,
      actions: this.#actions,
      services,
      secrets: this.#secrets,
      planSecrets: this.#planSecrets,
      connect: async (signal) => this.#connector.connect(signal),
    };
  }

  /** Closes the connection. May be called twice. */
  async close(): Promise<void> {
    await this.#connector.close();
  }
}

/** One connection for all calls: a caller that gives up does not take it from the others. */
class Connector {
  readonly #parts: SubjectParts;
  readonly #secrets: KnownSecrets;
  readonly #stop = new AbortController();
  #connecting: Promise<Connection> | null = null;

  constructor(parts: SubjectParts, secrets: KnownSecrets) {
    this.#parts = parts;
    this.#secrets = secrets;
  }

  async connect(signal: AbortSignal | undefined): Promise<Connection> {
    const { name } = this.#parts.subject;
    if (isAborted(this.#stop.signal)) throw createClosed(name);
    const how = { secrets: this.#secrets, signal: this.#stop.signal };
    this.#connecting ??= openConnection(this.#parts, how).catch((error: unknown) => {
      this.#connecting = null;
      throw error;
    });
    const connected = await untilAborted(this.#connecting, signal);
    if (connected === null) throw createInterrupted(`connecting ${name}`);
    return connected;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const connection = await this.#connecting?.catch(() => null);
    this.#connecting = null;
    await connection?.close(this.#parts.limits.stopMs);
  }
}

async function openConnection(
  { config, subject, loaded, settings, limits, observer, onWaiting }: SubjectParts,
  { secrets, signal }: { secrets: KnownSecrets; signal: AbortSignal },
): Promise<Connection> {
  const guard = new WriteGuard(subject.name, loaded.plugin);
  const host = new SubjectHost(subject.name, {
    directory: config.directory,
    guard,
    secrets,
    observer: observer && ((exchange) => observer(redactExchange(exchange, secrets))),
    memory: new FileMemory(toMemoryPlace(config), subject.name),
    onWaiting: onWaiting && ((what) => onWaiting(subject.name, what)),
  });
  try {
    const limitMs = limits.connectMs;
    const isUnguarded = loaded.plugin.guard === 'none';
    const connected = await connectPlugin(loaded, { config: settings, host, limitMs, signal });
    const connection = new Connection(connected, { guard, host, secrets, isUnguarded });
    if (guard.lastDenial === null) return connection;
    await connection.close(limits.stopMs);
  } catch (error) {
    await host.close();
    throw guard.lastDenial ?? redactError(error, secrets);
  }
  throw guard.lastDenial;
}

/** The schema of the plugin's configuration as JSON Schema, or `null` when the schema cannot be converted. */
function describeConfig({ plugin }: LoadedPlugin): unknown {
  try {
    return plugin.config['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  } catch {
    return null;
  }
}

/** `SUBJECT_CLOSED`. */
export function createClosed(name: string): Error {
  return createEngineError('SUBJECT_CLOSED', {
    message: `The subject ${name} has been closed.`,
    remedy: 'Open it again.',
    facts: { subject: name },
  });
}
