import type { HttpDispatcher, HttpOptions } from './http.ts';

/** What the host hands to a plugin's `connect`. */
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
}
