/** Collects the reasons of unknown values, so that a table can show them below itself. */
export interface Footnotes {
  /** The mark of a reason: the same for the same reason. */
  mark(reason: string): string;
  /** `[1] reason`, in the order of the marks. */
  lines(): readonly string[];
}

/** Creates an empty collection of footnotes. */
export function createFootnotes(): Footnotes {
  const reasons: string[] = [];
  return {
    mark(reason) {
      if (!reasons.includes(reason)) reasons.push(reason);
      return `[${reasons.indexOf(reason) + 1}]`;
    },
    lines: () => reasons.map((reason, index) => `[${index + 1}] ${reason}`),
  };
}
