import type { JsonObject, VerifyContext, Verification } from 'operator-core';
import type { PDCallOptions, PDOperator, PDRegion } from '../../pd/index.ts';
import type { TiKVReads } from '../../contract/tikv-reads.ts';
import { wallNow } from '../../pd/wire/wall-clock.ts';
import type { ExpectedOperator } from './operator-fate.ts';

/** One look at the region for the effect of an operator. */
export interface RegionLook {
  readonly verification: Verification;
  /** `null` when PD does not know the region. */
  readonly region: PDRegion | null;
  /** True when leader and peers are as they were when the plan was made. */
  readonly isAsBefore: boolean;
  /** True when the region is between two states: in a joint state, without a leader, or catching up. */
  readonly isChanging: boolean;
}

/** The effect of an operator, how to look for it, and how PD names the operator. */
export interface OperatorVerification extends ExpectedOperator {
  /** Argument of `verify`, from the host. */
  readonly context: Omit<VerifyContext<unknown, TiKVReads>, 'parameters'>;
  /** The store that receives the leader or the peer; `null` where nothing moves. */
  readonly targetStoreId: number | null;
  /** True when a step of another operator, in PD's words, takes the effect back. */
  isUndoneBy(step: string): boolean;
  /** True when another operator can only have been made where the effect was there. */
  isProvenBy(operator: PDOperator): boolean;
  /** Looks at the region. */
  look(options: PDCallOptions): Promise<RegionLook>;
}

/** The host polls again within a second: `verify` reports an election or a silent PD and does not wait for it. */
const QUICK_READ = { electionMs: 500, timeoutMs: 3000 } as const;

/** A clock that is adjusted by less than this was not set back. */
const CLOCK_STEP_MS = 1000;

/** Options of the reads of `verify`: a run's are repeated, a single look waits for an election. */
export function toReadOptions(
  context: Pick<OperatorVerification['context'], 'plan' | 'signal'>,
): PDCallOptions & { readonly signal: AbortSignal } {
  const { plan, signal } = context;
  return plan === null ? { signal } : { signal, ...QUICK_READ };
}

/**
 * Milliseconds since the requests were sent; 0 where nothing was sent. `Infinity` when the machine's clock
 * was set back meanwhile: waiting for it to catch up could take hours.
 */
export function elapsedMs({ sentAt }: Pick<OperatorVerification['context'], 'sentAt'>): number {
  if (sentAt === null) return 0;
  const elapsed = wallNow() - sentAt;
  return elapsed < -CLOCK_STEP_MS ? Infinity : Math.max(0, elapsed);
}

/** Verification of a look at the region, with more facts. */
export function withFacts(seen: Verification, facts: JsonObject): Verification {
  return { ...seen, facts: { ...seen.facts, ...facts } };
}
