const LONGEST = 2_000;

/**
 * Text of a thrown value of any kind: code that is not ours throws texts, nulls and
 * objects that throw when they are looked at.
 */
export function describeCause(cause: unknown): string {
  try {
    const text = cause instanceof Error ? describeError(cause) : `it threw ${String(cause)}`;
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  } catch {
    return 'it threw something that cannot be shown';
  }
}

function describeError(error: { name: unknown; message: unknown }): string {
  const message = String(error.message).trim();
  // An AggregateError of Node's network code has an empty message and its code beside it.
  if (message === '') return 'code' in error ? String(error.code) : String(error.name);
  return message.replace(/\.$/u, '');
}
