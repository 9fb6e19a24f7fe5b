import { advise, OperatorError } from 'operator-core';
import type { ErrorKind, JsonObject, Remedy } from 'operator-core';

/** Every error code of the Prometheus client, with its meaning. */
export const PROMETHEUS_ERROR_CODES = {
  PROMETHEUS_UNREACHABLE: 'Prometheus could not be connected to, or the connection broke.',
  PROMETHEUS_TIMEOUT: 'Prometheus did not answer in time.',
  PROMETHEUS_UNAUTHORIZED: 'Prometheus refused the credentials, or asked for some.',
  PROMETHEUS_QUERY_FAILED: 'Prometheus answered that it could not evaluate a query.',
  PROMETHEUS_BAD_ANSWER: 'The answer is not one of Prometheus.',
  PROMETHEUS_ANSWER_TOO_LARGE: 'The answer was longer than the limit of the client.',
} as const satisfies Readonly<Record<string, string>>;

/** One of {@link PROMETHEUS_ERROR_CODES}. */
export type PrometheusErrorCode = keyof typeof PROMETHEUS_ERROR_CODES;

interface Nature {
  readonly kind: ErrorKind;
  readonly retryable: boolean;
  readonly remedy: string | Remedy;
}

const NATURES: Readonly<Record<PrometheusErrorCode, Nature>> = {
  PROMETHEUS_UNREACHABLE: {
    kind: 'unreachable',
    retryable: true,
    remedy: advise`Check the URL, the network, and TLS: ${{ operation: 'doctor' }} asks Prometheus by itself.`,
  },
  PROMETHEUS_TIMEOUT: {
    kind: 'unreachable',
    retryable: true,
    remedy: 'Try again, or raise `timeoutMs` of the subject.',
  },
  PROMETHEUS_UNAUTHORIZED: {
    kind: 'config',
    retryable: false,
    remedy:
      'Set `bearerToken`, `bearerTokenFile`, or `username` and `password` of `prometheus` in the configuration.',
  },
  PROMETHEUS_QUERY_FAILED: {
    kind: 'failed',
    retryable: false,
    remedy: 'Read the answer of Prometheus above, and its log.',
  },
  PROMETHEUS_BAD_ANSWER: {
    kind: 'failed',
    retryable: false,
    remedy: 'Check that the URL is the one of Prometheus, with its path prefix if it has one.',
  },
  PROMETHEUS_ANSWER_TOO_LARGE: {
    kind: 'failed',
    retryable: false,
    remedy: 'Ask for fewer series at once.',
  },
};

/** An error of the Prometheus client. Neither message nor facts ever hold a credential. */
export function prometheusError(
  code: PrometheusErrorCode,
  message: string,
  options: { readonly facts?: JsonObject; readonly retryable?: boolean; readonly cause?: unknown },
): OperatorError {
  return new OperatorError({ code, message, ...NATURES[code], ...options });
}
