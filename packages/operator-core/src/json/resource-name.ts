/**
 * True when a text is a resource: `kind:id`, or a bare kind for the whole. The kind is in small letters with `_`
 * or `-`; the id is of any characters but white space.
 */
export function isResourceName(text: string): boolean {
  return /^[a-z][a-z0-9]*([_-][a-z0-9]+)*(:\S+)?$/u.test(text);
}
