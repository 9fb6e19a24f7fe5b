import type { PDScheduleConfig } from '../../pd/index.ts';
import { parseGoDuration } from '../../pd/wire/go-values.ts';

/** Number of regions that PD's checkers check every `patrol-region-interval` (PD 6.5.12; later versions check no fewer). */
const REGIONS_A_TICK = 128;
const DEFAULT_INTERVAL_MS = 10;
/** Milliseconds until an operator of a checker shows: the next heartbeat of the region and one change of its members. */
const TAKING_BACK_MS = 3000;
const LONGEST_MS = 30_000;

/**
 * Milliseconds that a moved peer must stay before it counts: PD's checkers go over all regions in turn, and
 * take back a peer that breaks a rule when they reach its region. At most 30 s, even when a round takes longer.
 */
export function checkerRoundMs(regions: number, { raw }: Pick<PDScheduleConfig, 'raw'>): number {
  const text = raw['patrol-region-interval'];
  const interval = typeof text === 'string' ? parseGoDuration(text) : null;
  const round = Math.ceil(regions / REGIONS_A_TICK) * (interval ?? DEFAULT_INTERVAL_MS);
  return Math.min(Math.ceil(round) + TAKING_BACK_MS, LONGEST_MS);
}
