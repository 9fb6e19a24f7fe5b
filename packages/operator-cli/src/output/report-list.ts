import type { Output } from './output.ts';

/** Many things of a kind, as each of the formats writes them. */
export interface Listing {
  /** All of them, with `json`. */
  readonly document: object;
  /** With `ndjson`: the `format` of the document that each of `rows` is. */
  readonly each: string;
  readonly rows: readonly object[];
  /** For people. */
  readonly lines: () => readonly string[];
}

/** Writes many things: one document, a document for each, or lines. */
export function reportList(output: Output, { document, each, rows, lines }: Listing): void {
  if (output.format === 'json') output.emit(document);
  if (output.format === 'ndjson') for (const row of rows) output.emit({ format: each, ...row });
  if (output.format === 'text') output.print(lines());
}
