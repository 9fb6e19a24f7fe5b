/** Codes that Node's network code and undici give to a connection that failed. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'EPIPE',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
]);

const DEEPEST = 5;

/** True when something thrown says that a connection failed, by its own code or that of a cause. Never throws. */
export function isNetworkError(thrown: unknown): boolean {
  try {
    let error = thrown;
    for (let depth = 0; depth < DEEPEST && error instanceof Error; depth += 1) {
      if ('code' in error && NETWORK_CODES.has(String(error.code))) return true;
      error = error.cause;
    }
    return false;
  } catch {
    return false;
  }
}
