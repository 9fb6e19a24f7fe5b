import type { HttpClient, HttpClientOptions, HttpDispatcher, HttpOptions } from './http.ts';
import type { JsonValue } from '../json/json.ts';
import type { TargetedRequest } from './planned-request.ts';
import type { SendResult } from './send-result.ts';

/**
 * Storage that outlives the process: a few small values for one subject. They are evidence, never
 * truth: another program may have written it, and the system may have changed since. Ask the system before use.
 */
export interface PluginMemory {
  /** The value kept under a key; `null` when there is none, or it cannot be read. Never rejects. */
  read(key: string): Promise<JsonValue | null>;
  /**
   * Keeps a value of at most 16 KiB of JSON under one of at most 16 keys. What cannot be kept is dropped
   * without an error, except for a value or key that the contract forbids: `PLUGIN_MISBEHAVED`.
   */
  write(key: string, value: JsonValue): Promise<void>;
}

/** Services of the host, the argument of a plugin's `connect`. */
export interface PluginHost {
  /** The subject's name in the configuration. */
  readonly subjectName: string;
  /**
   * Opens HTTP for this subject. Only reading requests pass; a changing one fails with
   * `WRITE_WHILE_READING` before a byte leaves, unless the host is sending that very request of a plan.
   * The host closes it after `Subject.close`.
   */
  openHttp(options?: HttpOptions): HttpDispatcher;
  /**
   * Opens a client for a system with one or more endpoints: reads fail over, writes never do, a login is renewed. Guarded
   * as `openHttp` is, with the endpoints as its only origins.
   */
  openClient(options: HttpClientOptions): HttpClient;
  /**
   * Sends a planned request of a protocol that the host does not speak: runs `write`, once. The host looks first that
   * the run still has the right to send; a request that is not the planned one of this moment, or that was spent
   * before, fails with `WRITE_WHILE_READING`, and `write` is not called. What `write` throws may have been sent. The
   * statement and its result are part of traces. Called in `Subject.send` with the request as it was given there.
   */
  spend(request: TargetedRequest, write: () => Promise<SendResult>): Promise<SendResult>;
  /**
   * Asks for a statement by its name, before it leaves: throws `WRITE_WHILE_READING` unless `SubjectPlugin.reads`
   * declares it to be a read, or a `write` of `spend` is what sends it. For the one place of a plugin's client through
   * which all statements go, so that a write outside of a spend is stopped.
   */
  admit(protocol: string, name: string): void;
  /** Reads a text file whose path is taken relative to the configuration file: certificates, tokens. */
  readFile(path: string): Promise<string>;
  /** Left out by a host that keeps nothing between processes. */
  readonly memory?: PluginMemory;
  /**
   * Reports a reason to wait, as a sentence without full stop: `the cluster has no leader yet`. A host may
   * show it to a person. Left out by a host that shows nothing.
   */
  waiting?(what: string): void;
}
