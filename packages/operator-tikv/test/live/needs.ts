import { PdByHand } from './by-hand.ts';
import type { HandMember } from './by-hand.ts';
import { missingHooks } from './hooks.ts';
import type { HookName } from './hooks.ts';
import { requireEndpoints } from './settings.ts';

/** What scenarios need beyond a cluster with four stores. */
export interface Needs {
  readonly hooks: readonly HookName[];
  /** Default: 1. */
  readonly members?: number;
}

/** The reason why scenarios are skipped on this cluster, as the end of a title; empty when they can run. */
export async function reasonToSkip({ hooks, members = 1 }: Needs): Promise<string> {
  const hand = new PdByHand(requireEndpoints());
  const { length } = (await hand.read<{ members: readonly HandMember[] }>('members')).members;
  const reasons = [
    ...missingHooks(hooks, process.env).map((variable) => `${variable} is not set`),
    ...(length < members ? [`PD has ${length} members, and ${members} are needed`] : []),
  ];
  return reasons.length === 0 ? '' : ` — SKIPPED: ${reasons.join(', ')}`;
}
