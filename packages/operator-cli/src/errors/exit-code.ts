import type { ErrorKind } from 'operator-core';

/** Exit codes of the program. 0: done, nothing to do, or accepted with `--no-wait`. */
export const EXIT_CODES = {
  done: 0,
  bug: 1,
  usage: 2,
  config: 3,
  plugin: 4,
  refused: 5,
  needs_approval: 6,
  stale: 7,
  failed: 8,
  unverified: 9,
  unreachable: 10,
  partly_done: 11,
  interrupted: 130,
} as const satisfies Readonly<Record<ErrorKind | 'done', number>>;

/** The exit code of an error, or of none. */
export function exitCodeOf(error: { readonly kind: ErrorKind } | null): number {
  // An error may come from another copy of core with a kind that this one does not know.
  return error === null ? EXIT_CODES.done : (EXIT_CODES[error.kind] ?? EXIT_CODES.bug);
}
