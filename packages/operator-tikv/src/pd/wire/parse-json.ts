/**
 * `JSON.parse` for the documents that hold 64-bit numbers (PD API, cross-cutting): integers that a
 * number cannot hold exactly come back as bigint. Throws `SyntaxError`.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, exact);
}

function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/u.test(source) ? BigInt(source) : value;
}
