import type { ApprovalRule } from '../ledger/approval.ts';
import type { Mode } from '../ledger/mode.ts';
import { combineVerdicts, deny, needConsent, NO_OBJECTION } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/**
 * Combines a verdict with the mode: nothing runs in `observe`, everything needs consent in
 * `guarded`, and `autonomous` adds nothing. A mode never permits what the rules do not.
 */
export function combineMode(verdict: Verdict, mode: Mode, guarded: ApprovalRule): Verdict {
  return combineVerdicts(verdict, verdictOf(mode, guarded));
}

function verdictOf(mode: Mode, guarded: ApprovalRule): Verdict {
  switch (mode) {
    case 'autonomous':
      return NO_OBJECTION;
    case 'guarded':
      return needConsent(guarded, 'The mode is guarded: everything needs approval.');
    default:
      // Also for a mode that this version does not know.
      return deny(`The mode is ${mode}: nothing runs.`);
  }
}
