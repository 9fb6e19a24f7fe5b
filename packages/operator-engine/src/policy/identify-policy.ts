import { realpathSync, statSync } from 'node:fs';
import type { PolicyIdentity } from '../ledger/policy-binding.ts';

/** Identity of the policy at a path, to which a ledger is bound. A missing file has no owner. */
export function identifyPolicy(path: string | null): PolicyIdentity {
  if (path === null) return { path, owner: null };
  try {
    const real = realpathSync(path);
    const owner = process.getuid === undefined ? null : statSync(real).uid;
    return { path: real, owner };
  } catch {
    return { path, owner: null };
  }
}
