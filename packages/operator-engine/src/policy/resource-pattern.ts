import { kindOf } from '../ledger/resource.ts';
import { matchesGlob } from './glob.ts';

/**
 * True when a pattern covers everything that a resource names: `lamp:*` covers `lamp:4` and the bare `lamp`.
 */
export function coversResource(pattern: string, resource: string): boolean {
  if (matchesGlob(pattern, resource)) return true;
  if (isBare(pattern)) return matchesGlob(pattern, kindOf(resource));
  return isBare(resource) && pattern.endsWith(':*') && meetsKind(pattern, resource);
}

/** True when a pattern covers some of what a resource names: `lamp:4` meets the bare `lamp`. */
export function meetsResource(pattern: string, resource: string): boolean {
  return coversResource(pattern, resource) || (isBare(resource) && meetsKind(pattern, resource));
}

function isBare(text: string): boolean {
  return !text.includes(':');
}

function meetsKind(pattern: string, kind: string): boolean {
  return matchesGlob(kindOf(pattern), kind);
}
