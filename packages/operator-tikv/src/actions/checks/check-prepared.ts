import { isPrepared } from '../../reads/scheduling.ts';
import type { Scheduling } from '../../reads/scheduling.ts';
import { refuseWith } from './refusals.ts';

/** Refuses while PD's schedulers are not all there: an absence then proves nothing. */
export function requirePrepared(scheduling: Scheduling): void {
  if (isPrepared(scheduling)) return;
  const missing = scheduling.missing.join(', ');
  refuseWith(
    'CLUSTER_NOT_READY',
    `The PD leader has not started its schedulers yet (missing: ${missing}): what it does not show may still be there.`,
    { missing: [...scheduling.missing], schedulers: [...scheduling.schedulers] },
  );
}
