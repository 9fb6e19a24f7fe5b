/** A place in the configuration file, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One mistake of the configuration. */
export interface ConfigIssue extends Position {
  /** Place in the document: `subjects.prod.config.pdEndpoints[0]`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Keys and indices from the root of the document. */
export type ConfigPath = readonly (string | number)[];

/** A path as people read it. */
export function formatPath(path: ConfigPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}
