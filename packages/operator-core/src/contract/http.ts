import type { TargetedRequest } from './planned-request.ts';
import type { SendResult } from './send-result.ts';
import type { CallOptions, SendOptions } from './subject.ts';

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
  /** Path of a Unix socket that takes all requests, whatever their origin. Default: none. */
  readonly socketPath?: string;
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

/** Login by a request whose answer has a token. */
export interface HttpLogin {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query. */
  readonly path: string;
  readonly body: string | null;
  /** JSON Pointer to the token in the answer: `/token`. */
  readonly tokenAt: string;
  /** Headers that every later request has; `${token}` stands for the token: `{ authorization: 'Bearer ${token}' }`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of `openClient`. */
export interface HttpClientOptions extends Omit<HttpOptions, 'origins'> {
  /** Servers of one system, in the order in which they are asked: `http://host:port`. At least one. */
  readonly endpoints: readonly string[];
  /** Milliseconds that a read waits for one endpoint before it asks the next one. Default: 5,000. */
  readonly attemptTimeoutMs?: number;
  /** Default: no login. */
  readonly login?: HttpLogin;
}

/** A request that reads, by any method that `SubjectPlugin.reads` admits. */
export interface HttpReadRequest {
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  /** Path and query. */
  readonly path: string;
  /** Default: none. */
  readonly body?: string | null;
  /** Default: `application/json` as content type where there is a body. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer by HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** Origin that has answered. */
  readonly origin: string;
}

/** HTTP to one system with several endpoints, by the host. */
export interface HttpClient {
  /**
   * Reads from the endpoint that answered last, then from the others: one that does not answer in time, or answers
   * with 502, 503 or 504, is passed over. After a 401 it logs in again, once. Any other status is an answer. Rejects with
   * `SUBJECT_UNREACHABLE`, which names what each endpoint said.
   */
  read(request: HttpReadRequest, options?: CallOptions): Promise<HttpAnswer>;
  /**
   * Sends a planned request to an endpoint of its target, as `Subject.send` has to: the next endpoint is tried only
   * where no connection was made, and nothing is sent again, not even after a 401. Up to 299 is `accepted`, another
   * status `refused`; the host takes 408, 499 and 5xx for `unknown`.
   */
  send(request: TargetedRequest, options: SendOptions): Promise<SendResult>;
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
