/** A complete command line that does what was probably meant. */
export interface Suggestion {
  /** The command line, to be copied as it is. */
  readonly command: string;
  /** Effect of the command, as a phrase: `shows the plan and sends nothing`. */
  readonly purpose: string;
}

/** Suggestions as the lines of a remedy, best first. */
export function toRemedy(suggestions: readonly Suggestion[]): string {
  return suggestions.map(({ command, purpose }) => `\`${command}\` ${purpose}.`).join('\n');
}
