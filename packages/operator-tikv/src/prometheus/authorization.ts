import { prometheusError } from './prometheus-errors.ts';

/** Credentials: a bearer token, or a name with a password. */
export type PrometheusCredentials =
  | {
      /** The token, or how to get it: called before each query, so that a renewed one is used at once. */
      readonly bearerToken: string | (() => Promise<string>);
    }
  | { readonly username: string; readonly password: string };

/** The `authorization` header for credentials, or no header. */
export async function toAuthorization(
  credentials: PrometheusCredentials | undefined,
): Promise<Record<string, string>> {
  if (credentials === undefined) return {};
  if ('bearerToken' in credentials) {
    const { bearerToken } = credentials;
    const given = typeof bearerToken === 'string' ? bearerToken : await bearerToken();
    const token = given.trim();
    // The check is here because an HTTP library would refuse the header with an unclear message.
    if (!/^[\x21-\x7e]+$/u.test(token)) {
      const message = 'The bearer token for Prometheus is empty or cannot stand in a header';
      throw prometheusError('PROMETHEUS_UNAUTHORIZED', message, {});
    }
    return { authorization: `Bearer ${token}` };
  }
  const { username, password } = credentials;
  const encoded = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return { authorization: `Basic ${encoded}` };
}
