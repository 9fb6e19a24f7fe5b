import type { Command } from '../command/command.ts';
import { initCommand } from '../commands/init/init.ts';
import { doctorCommand } from '../commands/doctor/doctor.ts';
import { trustCommand } from '../commands/trust/trust.ts';
import { subjectsCommand } from '../commands/catalog/subjects.ts';
import { actionsCommand } from '../commands/catalog/actions.ts';
import { observationsCommand } from '../commands/catalog/observations.ts';
import { observeCommand } from '../commands/catalog/observe.ts';
import { planCommand } from '../commands/change/plan.ts';
import { runCommand } from '../commands/change/run.ts';
import { verifyCommand } from '../commands/change/verify.ts';
import { applyCommand } from '../commands/change/apply.ts';
import { runsCommand } from '../commands/runs/runs.ts';
import { cancelCommand } from '../commands/change/cancel.ts';
import { undoCommand } from '../commands/change/undo.ts';
import { approvalsCommand } from '../commands/approvals/approvals.ts';
import { approveCommand } from '../commands/approvals/approve.ts';
import { rejectCommand } from '../commands/approvals/reject.ts';
import { leasesCommand } from '../commands/lease/leases.ts';
import { leaseCommand } from '../commands/lease/lease.ts';
import { watchCommand } from '../commands/runs/watch-all.ts';
import { modeCommand } from '../commands/mode/mode.ts';
import { stopCommand } from '../commands/mode/stop.ts';
import { resumeCommand } from '../commands/mode/resume.ts';
import { policyCommand } from '../commands/policy/policy.ts';
import { auditCommand } from '../commands/audit/audit.ts';
import { ledgerCommand } from '../commands/ledger/ledger.ts';

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
