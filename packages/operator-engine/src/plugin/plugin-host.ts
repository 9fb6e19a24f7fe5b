import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isHttpRequest } from 'operator-core';
import type {
  HttpClient,
  HttpClientOptions,
  HttpOptions,
  PluginHost,
  SendResult,
  TargetedRequest,
} from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { EndpointClient } from '../http/http-client.ts';
import { GuardedDispatcher } from '../http/guarded-dispatcher.ts';
import type { ExchangeObserver } from '../http/http-exchange.ts';
import type { WriteGuard } from '../http/write-guard.ts';
import type { FileMemory } from './file-memory.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';

/** Least time between two reports of what is waited for. */
const WAITING_MS = 900;

const LARGEST_FILE = 1024 * 1024;

/** Host of one `connect`: guarded HTTP and files beside the configuration. */
export class SubjectHost implements PluginHost {
  readonly subjectName: string;
  readonly memory: FileMemory;
  readonly #onWaiting: ((what: string) => void) | undefined;
  readonly #directory: string;
  readonly #guard: WriteGuard;
  readonly #secrets: KnownSecrets;
  readonly #observer: ExchangeObserver | undefined;
  readonly #opened: GuardedDispatcher[] = [];
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(
    subjectName: string,
    options: {
      directory: string;
      guard: WriteGuard;
      /** Learns what the plugin reads from files: tokens and passwords are texts of one line. */
      secrets: KnownSecrets;
      observer: ExchangeObserver | undefined;
      memory: FileMemory;
      onWaiting: ((what: string) => void) | undefined;
    },
  ) {
    this.subjectName = subjectName;
    this.#directory = options.directory;
    this.#guard = options.guard;
    this.#secrets = options.secrets;
    this.#observer = options.observer;
    this.memory = options.memory;
    this.#onWaiting = options.onWaiting;
  }

  /** True when the plugin has asked for HTTP at all. */
  get hasOpenedHttp(): boolean {
    return this.#opened.length > 0;
  }

  openHttp(options: HttpOptions = {}): GuardedDispatcher {
    const host = { guard: this.#guard, observer: this.#observer };
    const dispatcher = new GuardedDispatcher(options, host);
    this.#opened.push(dispatcher);
    return dispatcher;
  }

  openClient(options: HttpClientOptions): HttpClient {
    const { tls, headers, socketPath } = options;
    const endpoints = options.endpoints.map(toOrigin);
    const dispatcher = this.openHttp({
      origins: endpoints,
      ...(tls === undefined ? {} : { tls }),
      ...(headers === undefined ? {} : { headers }),
      ...(socketPath === undefined ? {} : { socketPath }),
    });
    const onToken = (token: string): void => this.#secrets.add(token);
    return new EndpointClient(
      { ...options, endpoints },
      { dispatcher, guard: this.#guard, onToken },
    );
  }

  async spend(request: TargetedRequest, write: () => Promise<SendResult>): Promise<SendResult> {
    return this.#guard.spend(request, async () => traced(request, write, this.#observer));
  }

  admit(protocol: string, name: string): void {
    this.#guard.admitStatement({ protocol, name });
  }

  waiting(what: string): void {
    const now = performance.now();
    // Many reads may wait for the same thing.
    if (now - this.#saidAt < WAITING_MS) return;
    this.#saidAt = now;
    this.#onWaiting?.(what);
  }

  async readFile(path: string): Promise<string> {
    const full = resolve(this.#directory, path);
    try {
      const found = await stat(full);
      // Opening a pipe without a writer never ends, not even when the program wants to.
      if (!found.isFile()) throw new Error('it is no regular file');
      if (found.size > LARGEST_FILE) throw new Error('it is larger than 1 MiB');
      const text = await readFile(full, 'utf8');
      this.#secrets.add(text);
      return text;
    } catch (error) {
      throw createEngineError('CONFIG_UNREADABLE', {
        message: `The file ${full}, which subject ${this.subjectName} needs, cannot be read: ${describeCause(error)}.`,
        remedy: 'Correct the path in the configuration, or make the file readable.',
        facts: { subject: this.subjectName, file: full },
        cause: error,
      });
    }
  }

  /** Ends every connection that the plugin opened, also those in use. */
  async close(): Promise<void> {
    await Promise.all(this.#opened.map((dispatcher) => dispatcher.destroy()));
    await this.memory.flush();
  }
}

/** Runs a write and tells the observer of it. */
async function traced(
  request: TargetedRequest,
  write: () => Promise<SendResult>,
  observer: ExchangeObserver | undefined,
): Promise<SendResult> {
  const startedAt = performance.now();
  const tell = (answer: string, failure: string | null): void => {
    if (observer === undefined || isHttpRequest(request)) return;
    const { protocol, text } = request;
    const durationMs = performance.now() - startedAt;
    try {
      observer({ protocol, text, answer, durationMs, failure });
    } catch {
      // Looking on must never change what happens.
    }
  };
  try {
    const result = await write();
    tell('answer' in result ? result.answer : result.reason, null);
    return result;
  } catch (error) {
    tell('', describeCause(error));
    throw error;
  }
}

/** The origin of a URL; what is no URL stays, and is refused when it is opened. */
function toOrigin(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
