type HeaderValue = string | string[];

/**
 * The headers of a request in undici's flat form, with `defaults` added where the request does not
 * have them itself.
 */
export function withDefaultHeaders(
  headers: unknown,
  defaults: Readonly<Record<string, string>>,
): HeaderValue[] {
  const given = toPairs(headers);
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  const added = Object.entries(defaults).filter(([name]) => !names.has(name.toLowerCase()));
  return [...added, ...given].flat();
}

function toPairs(headers: unknown): [string, HeaderValue][] {
  if (headers === null || headers === undefined) return [];
  if (Array.isArray(headers) && !headers.every(Array.isArray)) return pairUp(headers);
  if (typeof headers === 'object' && Symbol.iterator in headers) {
    return [...(headers as Iterable<[string, HeaderValue]>)];
  }
  return Object.entries(headers as Record<string, HeaderValue | undefined>).filter(
    (entry): entry is [string, HeaderValue] => entry[1] !== undefined,
  );
}

function pairUp(flat: readonly unknown[]): [string, HeaderValue][] {
  const pairs: [string, HeaderValue][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    pairs.push([String(flat[index]), flat[index + 1] as HeaderValue]);
  }
  return pairs;
}
