import type { PlannedUndo } from '../runs/others/plan-undo.ts';
import type { GatedSubject } from './gated-subject.ts';

/** Plan that undoes a run, to be applied to the subject with this purpose like any other plan. */
export interface UndoPlan extends PlannedUndo {
  readonly subject: GatedSubject;
}
