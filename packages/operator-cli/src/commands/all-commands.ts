import type { Command } from '../command/command.ts';
import { initCommand } from './init/init.ts';
import { doctorCommand } from './doctor/doctor.ts';
import { trustCommand } from './trust/trust.ts';
import { subjectsCommand } from './catalog/subjects.ts';
import { actionsCommand } from './catalog/actions.ts';
import { observationsCommand } from './catalog/observations.ts';
import { observeCommand } from './catalog/observe.ts';
import { planCommand } from './change/plan.ts';
import { runCommand } from './change/run.ts';
import { verifyCommand } from './change/verify.ts';
import { applyCommand } from './change/apply.ts';
import { runsCommand } from './runs/runs.ts';
import { cancelCommand } from './change/cancel.ts';
import { undoCommand } from './change/undo.ts';
import { approvalsCommand } from './approvals/approvals.ts';
import { approveCommand } from './approvals/approve.ts';
import { rejectCommand } from './approvals/reject.ts';
import { leasesCommand } from './lease/leases.ts';
import { leaseCommand } from './lease/lease.ts';
import { watchCommand } from './runs/watch-all.ts';
import { modeCommand } from './mode/mode.ts';
import { stopCommand } from './mode/stop.ts';
import { resumeCommand } from './mode/resume.ts';
import { policyCommand } from './policy/policy.ts';
import { auditCommand } from './audit/audit.ts';
import { ledgerCommand } from './ledger/ledger.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  doctorCommand,
  trustCommand,
  subjectsCommand,
  actionsCommand,
  observationsCommand,
  observeCommand,
  planCommand,
  applyCommand,
  runCommand,
  verifyCommand,
  runsCommand,
  cancelCommand,
  undoCommand,
  approvalsCommand,
  approveCommand,
  rejectCommand,
  leasesCommand,
  leaseCommand,
  watchCommand,
  modeCommand,
  stopCommand,
  resumeCommand,
  policyCommand,
  auditCommand,
  ledgerCommand,
];
