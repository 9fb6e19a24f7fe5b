import type { ClockStatus } from 'operator-engine';
import { formatInstant } from './ledger-words.ts';
import { formatDuration } from './units.ts';

/** One line on the machine's clock beside the ledger's time. */
export function describeClock(clock: ClockStatus): string {
  const { at, aheadMs, isHeld, machine, unconfirmedMs } = clock;
  const jumps =
    unconfirmedMs > 0
      ? `; jumped by ${formatDuration(unconfirmedMs)} while the machine was off, not confirmed`
      : '';
  if (!isHeld) return `as the ledger’s${jumps}`;
  const side = aheadMs > 0 ? 'ahead of' : 'behind';
  const distance = formatDuration(Math.abs(aheadMs));
  return `${formatInstant(machine)}, ${distance} ${side} the ledger’s time (${formatInstant(at)}), which does not follow it${jumps}`;
}
