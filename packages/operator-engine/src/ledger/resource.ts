import type { ResourceClaim } from 'operator-core';

/** Kind of a resource, before the colon: `lamp` of `lamp:42`, and of the bare `lamp`. */
export function kindOf(resource: string): string {
  const colon = resource.indexOf(':');
  return colon === -1 ? resource : resource.slice(0, colon);
}

/** True when one resource is the other, or the bare kind that stands for all of its kind. */
export function covers(wide: string, narrow: string): boolean {
  return wide === narrow || wide === kindOf(narrow);
}

/** True when two resources have something in common: one covers the other. */
export function overlaps(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

/** True when one claim excludes the other: they overlap, and not both are shared. */
export function excludes(one: ResourceClaim, other: ResourceClaim): boolean {
  const areShared = one.mode === 'shared' && other.mode === 'shared';
  return !areShared && overlaps(one.resource, other.resource);
}
