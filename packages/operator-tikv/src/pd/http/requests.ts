import type { HttpRequest } from 'operator-core';

/** Beginning of every path of PD's first HTTP API. */
export const PD_API = '/pd/api/v1';

/** Request by POST with members of a JSON object; the path without {@link PD_API}. */
export function pdPost(
  purpose: string,
  path: string,
  body: Readonly<Record<string, string | number>>,
): HttpRequest {
  return { purpose, method: 'POST', path: PD_API + path, body: JSON.stringify(body) };
}

/** Request by DELETE; the path without {@link PD_API}. */
export function pdDelete(purpose: string, path: string): HttpRequest {
  return { purpose, method: 'DELETE', path: PD_API + path, body: null };
}
