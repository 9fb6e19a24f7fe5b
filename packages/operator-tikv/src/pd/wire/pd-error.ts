import { OperatorError } from 'operator-core';
import type { ErrorKind, JsonObject } from 'operator-core';

const brand: unique symbol = Symbol.for('operator.tikv.pd-error');

/** Every code that a {@link PDError} can carry. Match errors by these, never by message. */
export const PD_ERROR_CODES = [
  /** An endpoint of the configuration is not `http(s)://host:port`. */
  'PD_ENDPOINT_INVALID',
  /** An id, word or limit that PD would not take as it is meant; nothing was sent. */
  'PD_ID_INVALID',
  /** No endpoint answered. */
  'PD_UNREACHABLE',
  /** PD members answer, but none of them leads. */
  'PD_NO_LEADER',
  /** At most half of the PD members answer: none of them can lead. */
  'PD_QUORUM_LOST',
  /** No TiKV store has ever joined, or the PD leader has not loaded the cluster yet. */
  'PD_NOT_BOOTSTRAPPED',
  /** A request took longer than `timeoutMs`. */
  'PD_TIMEOUT',
  /** The TLS handshake failed: a wrong certificate, or no TLS on the other side. */
  'PD_TLS_FAILED',
  /** An endpoint belongs to another cluster. */
  'PD_CLUSTER_MISMATCH',
  /** PD refused the request. */
  'PD_REFUSED',
  /** PD does not know the object, or this version of PD does not know the path. */
  'PD_NOT_FOUND',
  /** PD's rate limit (status 429). */
  'PD_RATE_LIMITED',
  /** The answer is not one that PD gives: HTML, half a body, a redirect, a value of another type. */
  'PD_RESPONSE_INVALID',
  /** The answer is larger than `maxBodyBytes`. */
  'PD_RESPONSE_TOO_LARGE',
  /** A change was sent and its answer was lost: it may or may not have been executed. */
  'PD_OUTCOME_UNKNOWN',
  /** The client was closed. */
  'PD_CLIENT_CLOSED',
] as const;

/** See {@link PD_ERROR_CODES}. */
export type PDErrorCode = (typeof PD_ERROR_CODES)[number];

/** Parts of a {@link PDError}. */
export interface PDErrorOptions {
  readonly code: PDErrorCode;
  /** Failure and its place. */
  readonly message: string;
  /** Default: the remedy of the code. */
  readonly remedy?: string;
  /** HTTP status of the answer. Default: `null`, there was none. */
  readonly status?: number | null;
  /** PD's own code. Default: `null`. */
  readonly pdCode?: string | null;
  /** Origin of the endpoint. Default: `null`. */
  readonly endpoint?: string | null;
  readonly facts?: JsonObject;
  /** Default: by the code. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

interface Meaning {
  readonly kind: ErrorKind;
  readonly retryable: boolean;
  readonly remedy: string;
}

const MEANINGS: Readonly<Record<PDErrorCode, Meaning>> = {
  PD_ENDPOINT_INVALID: {
    kind: 'config',
    retryable: false,
    remedy:
      'Write each endpoint as http://host:port or https://host:port, without path or credentials.',
  },
  PD_ID_INVALID: {
    kind: 'usage',
    retryable: false,
    remedy: 'Give a positive integer below 2^53.',
  },
  PD_UNREACHABLE: {
    kind: 'unreachable',
    retryable: true,
    remedy: 'Check that PD is running and that its client URLs can be reached from this machine.',
  },
  PD_NO_LEADER: {
    kind: 'unreachable',
    retryable: true,
    remedy: 'Wait for the election; if it does not end, check that most PD members are running.',
  },
  PD_QUORUM_LOST: {
    kind: 'unreachable',
    retryable: true,
    remedy: 'Start the PD members that are missing; PD elects a leader by itself then.',
  },
  PD_NOT_BOOTSTRAPPED: {
    kind: 'unreachable',
    retryable: true,
    remedy: 'Start TiKV, or wait a few seconds if the PD leader has just changed.',
  },
  PD_TIMEOUT: {
    kind: 'unreachable',
    retryable: true,
    remedy: 'Check the load of PD and the network, or allow more time with timeoutMs.',
  },
  PD_TLS_FAILED: {
    kind: 'unreachable',
    retryable: false,
    remedy: 'Check the scheme of the endpoint, the CA, the client certificate and the server name.',
  },
  PD_CLUSTER_MISMATCH: {
    kind: 'config',
    retryable: false,
    remedy: 'List endpoints of one cluster only, and check the cluster id in the configuration.',
  },
  PD_REFUSED: {
    kind: 'failed',
    retryable: false,
    remedy: 'Read the error text of PD and correct the request.',
  },
  PD_NOT_FOUND: {
    kind: 'failed',
    retryable: false,
    remedy: 'Check the id, and that this version of PD has this call.',
  },
  PD_RATE_LIMITED: {
    kind: 'failed',
    retryable: true,
    remedy: 'Wait and ask less often, or raise the rate limit in PD (service-middleware).',
  },
  PD_RESPONSE_INVALID: {
    kind: 'failed',
    retryable: false,
    remedy: 'Check that the endpoint is a PD client URL and not a proxy or another service.',
  },
  PD_RESPONSE_TOO_LARGE: {
    kind: 'failed',
    retryable: false,
    remedy: 'Request less data at once; a program that uses PDClient can raise maxBodyBytes.',
  },
  PD_OUTCOME_UNKNOWN: {
    kind: 'unverified',
    retryable: false,
    remedy: 'Read the state before anything else; do not simply send the request again.',
  },
  PD_CLIENT_CLOSED: {
    kind: 'usage',
    retryable: false,
    remedy: 'Make a new client: a closed one cannot be used again.',
  },
};

/**
 * Everything that {@link PDClient} rejects with, except the reason of an aborted signal. Match by `code`;
 * PD's own words are in the message and in `facts.answer`.
 */
export class PDError extends OperatorError {
  readonly [brand] = true;
  declare readonly code: PDErrorCode;
  /** HTTP status of PD's answer, or `null` when there was none. */
  readonly status: number | null;
  /** PD's own code, `PD:core:ErrStoreNotFound`, or `null`: many of PD's errors have none. */
  readonly pdCode: string | null;
  /** Origin of the endpoint that failed, `http://host:port`, or `null` when it was none in particular. */
  readonly endpoint: string | null;

  constructor(options: PDErrorOptions) {
    const meaning = MEANINGS[options.code];
    const { status = null, pdCode = null, endpoint = null } = options;
    super({
      code: options.code,
      kind: meaning.kind,
      message: options.message,
      remedy: options.remedy ?? meaning.remedy,
      facts: { ...known({ endpoint, status, pdCode }), ...options.facts },
      retryable: options.retryable ?? meaning.retryable,
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.name = 'PDError';
    this.status = status;
    this.pdCode = pdCode;
    this.endpoint = endpoint;
  }

  /** True when `value` is a PDError of this or any other copy of the package. */
  static override isInstance(value: unknown): value is PDError {
    return OperatorError.isInstance(value) && brand in value && value[brand] === true;
  }
}

function known(facts: Record<string, string | number | null>): JsonObject {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
