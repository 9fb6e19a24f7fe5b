import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from './canonical-json.ts';
import type { JsonValue } from '../json/json.ts';
import type { Plan } from '../contract/plan.ts';

/**
 * The digest of a plan: `sha256:` and 64 hex digits over the canonical JSON of everything but
 * `digest`. The same for every order of keys; another one as soon as any value differs.
 */
export function digestPlan(plan: Omit<Plan, 'digest'>): string {
  const { digest: _ignored, ...content } = plan as Plan;
  // A plan is JSON by contract; canonicalJson throws where it is not.
  const text = canonicalJson(content as unknown as JsonValue);
  return `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;
}
