import type { DocumentContents, DocumentFormat } from 'operator-engine';
import type { Output } from './output.ts';

/** Many things of a kind, as each of the formats writes them. */
export interface Listing<All extends DocumentFormat, Each extends DocumentFormat> {
  /** All of them, with `json`. */
  readonly all: { readonly format: All; readonly content: DocumentContents[All] };
  /** With `ndjson`: the format of the document that each of `rows` is. */
  readonly each: Each;
  readonly rows: readonly DocumentContents[Each][];
  /** Lines for people. */
  readonly lines: () => readonly string[];
}

/** Writes many things: one document, a document for each, or lines. */
export function reportList<All extends DocumentFormat, Each extends DocumentFormat>(
  output: Output,
  { all, each, rows, lines }: Listing<All, Each>,
): void {
  if (output.format === 'json') output.emit(all.format, all.content);
  if (output.format === 'ndjson') for (const row of rows) output.emit(each, row);
  if (output.format === 'text') output.print(lines());
}
