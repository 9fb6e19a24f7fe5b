import type { HttpDispatcher, HttpOptions } from './http.ts';
import type { JsonValue } from '../json/json.ts';

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
