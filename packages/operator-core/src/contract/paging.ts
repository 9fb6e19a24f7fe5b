/**
 * Declares that an observation answers with one page of a long list. A host asks for the next page by the observation's own
 * parameters. Each member is a name.
 */
export interface Paging {
  /** Member of the value that holds the rows of the page. */
  readonly rows: string;
  /** Member of the value with the cursor of the next page, a text; `null` after the last page. */
  readonly next: string;
  /** Optional parameter that takes the cursor: a text. Without it, the first page. */
  readonly cursor: string;
  /** Optional parameter for the largest number of rows in a page: an integer. */
  readonly limit: string;
}
