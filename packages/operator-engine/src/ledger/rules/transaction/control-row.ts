import type { MarkedControl } from './row-marks.ts';
import type { KeptTime } from '../../../clock/advance-time.ts';
import type { ChainRow, Chains } from './chain-row.ts';

/** The ledger's facts about itself. */
export interface ControlRow {
  readonly ledger_id: string;
  readonly schema: number;
  readonly time_at: number;
  readonly time_monotonic: number;
  readonly time_boot: string | null;
  readonly time_anchor_at: number | null;
  readonly time_anchor_monotonic: number | null;
  readonly time_epoch: number;
  readonly time_jumped: number;
  readonly time_accepted: number;
  /** Number of times that the owner has accepted the loss of a part of the ledger. */
  readonly generation: number;
  /** Fences of a system begin above it. */
  readonly fence: number;
  /** Places of a system's chain begin above it: those below belong to entries from before there were such chains. */
  readonly chain_base: number;
}

/** The ledger's facts about itself, and its chains. */
export interface Control extends ControlRow {
  readonly chains: Chains;
  readonly root: ChainRow;
}

/** The time that a ledger has written down. */
export function toKeptTime(control: ControlRow): KeptTime {
  const { time_at: at, time_monotonic: monotonic, time_boot: boot } = control;
  const { time_anchor_at: anchorAt, time_anchor_monotonic: anchorMonotonic } = control;
  const isAnchored = anchorAt !== null && anchorMonotonic !== null;
  return {
    at,
    monotonic,
    boot,
    anchor: isAnchored ? { at: anchorAt, monotonic: anchorMonotonic } : null,
    epoch: control.time_epoch,
    jumpedMs: control.time_jumped,
    acceptedMs: control.time_accepted,
  };
}

/** The columns of a time that is written down: the reverse of {@link toKeptTime}. */
export function toTimeColumns(kept: KeptTime): Omit<ControlRow, NoTime> {
  const { at, monotonic, boot, anchor, epoch, jumpedMs, acceptedMs } = kept;
  return {
    time_at: at,
    time_monotonic: monotonic,
    time_boot: boot,
    time_anchor_at: anchor?.at ?? null,
    time_anchor_monotonic: anchor?.monotonic ?? null,
    time_epoch: epoch,
    time_jumped: jumpedMs,
    time_accepted: acceptedMs,
  };
}

type NoTime = 'ledger_id' | 'schema' | 'generation' | 'fence' | 'chain_base';

/** The part of the row that marks of the ledger are made of. */
export function toMarked(control: ControlRow): MarkedControl {
  const { ledger_id: ledgerId, time_epoch: epoch, fence, generation } = control;
  const times = { jumpedMs: control.time_jumped, acceptedMs: control.time_accepted };
  return { ledgerId, epoch, fence, generation, chainBase: control.chain_base, ...times };
}
