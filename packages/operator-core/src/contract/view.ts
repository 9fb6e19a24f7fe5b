import type { Unit } from './fact.ts';

/** One column of a table. */
export interface ViewColumn {
  /** Member of the rows; dots go deeper: `status.waiting`. A row without a value has `null` or an unknown there. */
  readonly key: string;
  /** Heading. */
  readonly title: string;
  /** Left out for texts and numbers without one. */
  readonly unit?: Unit;
}

/** One table of an observation, or one list of values. */
export interface ViewTable {
  /** Member of the value that holds the rows, or left out when the value itself is the only row. */
  readonly rows?: string;
  /** With `rows`: columns of the table. Without: lines of a list. */
  readonly columns: readonly ViewColumn[];
}

/** Presentation of an observation to people. Documents always carry the whole value. */
export interface View extends ViewTable {
  /**
   * Member of the value that is `true` when the rows are all there are, and unknown with the reason when
   * there may be more: an empty table is then shown as unknown. Default: the rows are all there are.
   */
  readonly complete?: string;
  /** Tables below the first one, each under its title. Default: none. */
  readonly below?: readonly (ViewTable & { readonly title: string })[];
}
