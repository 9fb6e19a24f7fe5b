/** PEM texts for TLS. */
export interface TlsOptions {
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
  /** Client certificate, with `key`. */
  readonly cert?: string;
  /** Private key of the client certificate, with `cert`. */
  readonly key?: string;
  /** Name to check the server's certificate against. Default: the host of the URL. */
  readonly serverName?: string;
}

/** Options of `openHttp`. */
export interface HttpOptions {
  /** Default: the system's certificates, and no client certificate. */
  readonly tls?: TlsOptions;
  /**
   * The only origins (`https://host:port`) that may be asked: a request to another one, after a redirect for
   * instance, fails with `ORIGIN_NOT_DECLARED` before a byte leaves. Default: any origin.
   */
  readonly origins?: readonly string[];
  /**
   * Sent with every request: authorization, for instance. Never shown or recorded. Secrets belong to a receiver,
   * so `openHttp` throws `PLUGIN_MISBEHAVED` for headers without `origins`.
   */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A dispatcher of undici 8, described by shape so that this package needs no HTTP library. Pass it as
 * the `dispatcher` option of undici's `request`, or of `fetch` for reading. Its holder can read;
 * see `SubjectPlugin.reads` for what else counts as reading.
 */
export interface HttpDispatcher {
  dispatch(options: object, handler: object): boolean;
  close(): Promise<void>;
  destroy(): Promise<void>;
}
