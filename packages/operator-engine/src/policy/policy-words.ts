import type { Decision } from '../ledger/approval.ts';
import type { RunPurpose } from '../ledger/run-record.ts';

/** Possible decisions of a rule. */
export type DecisionKind = Decision['kind'];

/** Why a plan was made, as far as policy tells them apart. */
export type PurposeKind = RunPurpose['kind'];
