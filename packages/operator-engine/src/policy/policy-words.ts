import type { Decision } from '../ledger/approval.ts';
import type { RunPurpose } from '../ledger/run-record.ts';

/** Possible decisions of a rule. */
export type DecisionKind = Decision['kind'];

/** Purposes of plans that policy distinguishes. */
export type PurposeKind = RunPurpose['kind'];
