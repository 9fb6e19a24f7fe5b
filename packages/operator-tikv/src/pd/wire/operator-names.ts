/** PD's name of an operator that an administrator asked for (PD API, operators). */
export interface PDOperatorName {
  readonly description: string;
  readonly brief: string;
}

/** Any text, in the brief of an operator of which not everything is known. */
export const ANY_TEXT = '*';

/** True when the operator has this name, in whose brief {@link ANY_TEXT} may stand once. */
export function hasName(operator: PDOperatorName, { description, brief }: PDOperatorName): boolean {
  const [start = '', end] = brief.split(ANY_TEXT);
  if (operator.description !== description) return false;
  if (end === undefined) return operator.brief === brief;
  return operator.brief.startsWith(start) && operator.brief.endsWith(end);
}

/** Operators of the highest priority: administrators', evictions' and repairs' (PD API, operators). */
const IRREPLACEABLE = /^(?:admin|evict|fast-replace-rule|transfer-witness-leader)-/u;

/** True when PD lets nothing take the place of the operator while it runs. */
export function isIrreplaceable({ description }: Pick<PDOperatorName, 'description'>): boolean {
  return IRREPLACEABLE.test(description);
}
