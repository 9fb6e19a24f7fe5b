import type { Unit } from './fact.ts';

/** One column of a table. */
export interface ViewColumn {
  /** Member of a row; dots go deeper: `status.waiting`. */
  readonly key: string;
  /** Heading. */
  readonly title: string;
  /** Left out for texts and numbers without one. */
  readonly unit?: Unit;
}

/** How people see an observation. Documents always carry the whole value. */
export interface View {
  /** Member of the value that holds the rows, or left out when the value itself is the only row. */
  readonly rows?: string;
  /** With `rows`: columns of the table. Without: lines of a list. */
  readonly columns: readonly ViewColumn[];
}
