import type { PDClient } from '../../pd/pd-client.ts';

/** Time at which the number of leaders on a store last fell, in one drain. */
interface Mark {
  readonly sentAt: number | null;
  readonly leaders: number;
  /** Milliseconds of the clock of this process, which only goes forward. */
  readonly at: number;
}

/** Progress of each cluster's drains as this process has seen it: a verification has no memory of its own. */
const marks = new WeakMap<PDClient, Map<number, Mark>>();

/** Records the leader count of the store. Returns for how many milliseconds it has not fallen. */
export function recordLeaderCount(
  pd: PDClient,
  { storeId, sentAt }: { readonly storeId: number; readonly sentAt: number | null },
  leaders: number,
): number {
  const ofCluster = marks.get(pd) ?? new Map<number, Mark>();
  marks.set(pd, ofCluster);
  const at = performance.now();
  const before = ofCluster.get(storeId);
  if (before !== undefined && before.sentAt === sentAt && leaders >= before.leaders) {
    return at - before.at;
  }
  ofCluster.set(storeId, { sentAt, leaders, at });
  return 0;
}
