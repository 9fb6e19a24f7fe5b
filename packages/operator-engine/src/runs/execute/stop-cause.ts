import type { Stopped } from '../../ledger/claim.ts';
import type { CancelRequest, RunRecord } from '../../ledger/run-record.ts';

/** Cause that the ledger gives the owner of a run to stop. */
export type LedgerStopCause =
  | { readonly kind: 'cancelled'; readonly cancel: CancelRequest }
  | { readonly kind: 'fenced'; readonly run: RunRecord | null }
  | { readonly kind: 'stopped'; readonly stopped: Stopped };

/** Cause for the owner of a run to stop: the caller has stopped waiting, or the ledger demands it. */
export type StopCause = { readonly kind: 'caller' } | LedgerStopCause;
