import { OperatorError } from 'operator-core';
import type { RequestLine, HttpFailure } from './exchange.ts';
import { describeRequest, requestFacts } from './judge-answer.ts';
import { PDError } from '../wire/pd-error.ts';
import type { PDErrorCode } from '../wire/pd-error.ts';

/** Meaning of an incomplete answer. */
interface FailureJudgement {
  readonly error: PDError;
  /** True when the request may still have been carried out. */
  readonly mayBeExecuted: boolean;
  /** True when the same endpoint may be asked again within one call. */
  readonly mayRepeat: boolean;
}

/** Limits of a call. */
export interface Limits {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly electionMs: number;
}

/** Judges why there was no complete answer; not for `aborted`. */
export function judgeFailure(
  failure: HttpFailure,
  request: RequestLine,
  limits: Limits,
): FailureJudgement {
  const code = codeOf(failure, request.origin.startsWith('https:'));
  const what = describe(code, failure, limits);
  const error = new PDError({
    code,
    message: `${describeRequest(request)} ${what}`,
    endpoint: request.origin,
    facts: requestFacts(request),
    // A partial answer may be complete the next time; an answer that is not HTTP will not change.
    ...(code === 'PD_RESPONSE_INVALID' ? { retryable: !isGarbled(failure.cause) } : {}),
    cause: failure.cause ?? undefined,
  });
  return {
    error,
    mayBeExecuted: failure.stage !== 'connecting' && !isTlsAlert(failure.cause),
    mayRepeat: code === 'PD_UNREACHABLE' && errorCode(failure.cause) !== 'UND_ERR_CONNECT_TIMEOUT',
  };
}

function codeOf(failure: HttpFailure, isHttps: boolean): PDErrorCode {
  if (failure.reason === 'timeout') return 'PD_TIMEOUT';
  if (failure.reason === 'too_large') return 'PD_RESPONSE_TOO_LARGE';
  const code = errorCode(failure.cause);
  if (isTls(failure, code) || (isHttps && isSilentlyClosed(failure))) return 'PD_TLS_FAILED';
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return 'PD_CLIENT_CLOSED';
  if (failure.stage === 'answering' || isGarbled(failure.cause)) return 'PD_RESPONSE_INVALID';
  return 'PD_UNREACHABLE';
}

function describe(code: PDErrorCode, failure: HttpFailure, limits: Limits): string {
  switch (code) {
    case 'PD_TIMEOUT':
      return `took longer than ${limits.timeoutMs} ms`;
    case 'PD_RESPONSE_TOO_LARGE':
      return `has an answer of more than ${limits.maxBodyBytes} bytes`;
    case 'PD_RESPONSE_INVALID':
      return failure.stage === 'answering'
        ? `broke off in the middle of the answer: ${reason(failure.cause)}`
        : `was not answered in HTTP: ${reason(failure.cause)}`;
    case 'PD_TLS_FAILED':
      if (isSilentlyClosed(failure)) {
        return 'was closed without an answer right after the TLS handshake, as a server does that wants another client certificate';
      }
      return `failed in the TLS handshake: ${reason(failure.cause)}`;
    case 'PD_CLIENT_CLOSED':
      return 'cannot be sent: the connection is closed';
    default:
      // The host kept it from leaving, and no connection was lost.
      if (OperatorError.isInstance(failure.cause)) return `was kept back: ${failure.cause.message}`;
      return failure.stage === 'connecting'
        ? `could not connect: ${reason(failure.cause)}`
        : `lost the connection before an answer came: ${reason(failure.cause)}`;
  }
}

// By name: undici gives a code to some of these only.
function isGarbled(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_SELF|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE)/u;

function isTls(failure: HttpFailure, code: string): boolean {
  if (isTlsAlert(failure.cause)) return true;
  if (failure.stage !== 'connecting') return false;
  return (
    /^ERR_(TLS|SSL|OSSL)_/u.test(code) ||
    CERTIFICATE.test(code) ||
    code === 'EPROTO' ||
    reason(failure.cause).includes('before secure TLS connection')
  );
}

// The server's half of the handshake can fail after ours is done, when it asks for another client certificate:
// it has not read the request then.
function isTlsAlert(error: unknown): boolean {
  return /^ERR_SSL_.*ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|HANDSHAKE_FAILURE|NO_CERTIFICATE)/u.test(
    errorCode(error),
  );
}

// In TLS 1.3 our half of the handshake is done before the server has looked at the client's certificate; undici
// then sees the connection end before it sees the alert. The server has read no request from that socket.
function isSilentlyClosed({ stage, cause }: HttpFailure): boolean {
  if (stage !== 'sent' || errorCode(cause) !== 'UND_ERR_SOCKET') return false;
  const socket = typeof cause === 'object' && cause !== null && 'socket' in cause && cause.socket;
  return (
    typeof socket === 'object' && socket !== null && 'bytesRead' in socket && socket.bytesRead === 0
  );
}

/** The code of an error or of the error underneath; empty when there is none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? errorCode(error.cause) : '';
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  // OpenSSL's own errors name a place in its source; only their reason is for people.
  const own = 'library' in error && 'reason' in error ? error.reason : null;
  const words = typeof own === 'string' ? own : error.message;
  const text = words === '' ? errorCode(error) : words;
  return text.replaceAll(/\s+/gu, ' ').slice(0, 300);
}
