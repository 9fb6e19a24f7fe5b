/** Kind of a resource, before the colon: `lamp` of `lamp:42`, and of the bare `lamp`. */
export function kindOf(resource: string): string {
  const colon = resource.indexOf(':');
  return colon === -1 ? resource : resource.slice(0, colon);
}

/** True when one resource is the other, or the bare kind that stands for all of its kind. */
export function covers(wide: string, narrow: string): boolean {
  return wide === narrow || wide === kindOf(narrow);
}
