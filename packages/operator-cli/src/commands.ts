import type { Command } from './command.ts';
import { initCommand } from './commands/init.ts';
import { doctorCommand } from './commands/doctor.ts';
import { trustCommand } from './commands/trust.ts';
import { subjectsCommand } from './commands/subjects.ts';
import { actionsCommand } from './commands/actions.ts';
import { observationsCommand } from './commands/observations.ts';
import { observeCommand } from './commands/observe.ts';
import { planCommand } from './commands/plan.ts';
import { runCommand } from './commands/run.ts';
import { verifyCommand } from './commands/verify.ts';
import { applyCommand } from './commands/apply.ts';
import { runsCommand } from './commands/runs.ts';
import { cancelCommand } from './commands/cancel.ts';
import { undoCommand } from './commands/undo.ts';
import { approvalsCommand } from './commands/approvals.ts';
import { approveCommand } from './commands/approve.ts';
import { rejectCommand } from './commands/reject.ts';
import { leasesCommand } from './commands/leases.ts';
import { leaseCommand } from './commands/lease.ts';
import { watchCommand } from './commands/watch.ts';
import { modeCommand } from './commands/mode.ts';
import { stopCommand } from './commands/stop.ts';
import { resumeCommand } from './commands/resume.ts';
import { policyCommand } from './commands/policy.ts';
import { auditCommand } from './commands/audit.ts';
import { ledgerCommand } from './commands/ledger.ts';

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
