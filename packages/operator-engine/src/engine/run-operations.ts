// Runs, leases and the runner, as one part that is loaded when the first of them is needed: a process that
// only plans or observes starts without it.
export { readCondition } from '../conditions/read-condition.ts';
export { resolveCondition } from '../conditions/resolve-condition.ts';
export { endLease } from '../leases/end-lease.ts';
export { extendLease, releaseLease } from '../leases/extend-lease.ts';
export { lookAtLeaseOf } from '../leases/look-at-lease-of.ts';
export { nameLease } from '../leases/name-lease.ts';
export { withGone } from '../leases/with-gone.ts';
export { watchRuns } from '../runner/watch-runs.ts';
export { executeRun, followRun } from '../runs/execute-run.ts';
export { cancelRun } from '../runs/others/cancel-run.ts';
export { planUndo } from '../runs/others/plan-undo.ts';
export { recoverAll } from '../runs/others/recover-all.ts';
export { lookAtLeases } from '../runs/recover/look-at-lease.ts';
export { summaryOf } from '../runs/recover/run-outcome.ts';
export { foresee } from '../runs/submit/foresee.ts';
export { planAgain } from '../runs/submit/plan-again.ts';
export { recordRefusedPlan } from '../runs/submit/record-refusal.ts';
export { recallRun, submitRun } from '../runs/submit/submit-run.ts';
export { verifyAction } from '../verifying/verify-action.ts';
