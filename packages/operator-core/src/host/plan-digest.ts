import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { toCanonicalJson } from './canonical-json.ts';
import type { Plan } from '../contract/plan.ts';

/**
 * The digest of a plan: `sha256:` and 64 hex digits over the canonical JSON of everything but
 * `digest`. The same for every order of keys; another one as soon as any value differs.
 */
export function digestPlan(plan: Omit<Plan, 'digest'>): string {
  // A caller may give a whole plan.
  const { digest: _ignored, ...content } = { digest: '', ...plan };
  return digestText(toCanonicalJson(content));
}

/**
 * The digest of a text: `sha256:` and 64 hex digits. For short texts at the start of a program: loading node:crypto
 * takes longer than all of this.
 */
export function digestText(text: string): string {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;
}
