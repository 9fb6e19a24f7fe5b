import type { DocumentContents, DocumentFormat } from './contents.ts';

/** Plain JSON that a surface gives out, with its format. */
export type Document<Format extends DocumentFormat = DocumentFormat> = {
  readonly format: Format;
} & DocumentContents[Format];

/** A document from its content. */
export function createDocument<Format extends DocumentFormat>(
  format: Format,
  content: DocumentContents[Format],
): Document<Format> {
  return { format, ...content };
}
