import type { ClosedState } from '../../ledger/lease.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RunDetails } from '../../ledger/run-record.ts';
import { wasTakenBack } from '../execute/stored-outcome.ts';

/** State of a lease whose effect the system no longer shows. */
export interface GoneLease {
  readonly state: Extract<ClosedState, 'ended' | 'lost'>;
  /** One sentence or two. */
  readonly reason: string;
}

/**
 * Tells an effect that something else removed (`lost`) from one that was never in force, and from one that
 * an end of unknown outcome may have removed (both `ended`). `original` is the run of the lease before the look.
 */
export async function judgeGone(
  { runs }: Ledger,
  original: RunDetails,
  seen: string,
): Promise<GoneLease> {
  const wasInForce = original.state === 'succeeded' || wasTakenBack(original);
  if (!wasInForce) {
    return { state: 'ended', reason: `It is not in force: ${seen}` };
  }
  const [end] = await runs.list({ of: original.id, states: ['unknown', 'partly_done'], limit: 1 });
  if (end !== undefined) {
    const reason = `It is no longer in the system: run ${end.id}, which is ${end.state}, may have removed it. ${seen}`;
    return { state: 'ended', reason };
  }
  return {
    state: 'lost',
    reason: `It is no longer in the system: something else removed it. ${seen}`,
  };
}
