import type { Command } from './command.ts';
import { initCommand } from './commands/init.ts';
import { doctorCommand } from './commands/doctor.ts';
import { subjectsCommand } from './commands/subjects.ts';
import { actionsCommand } from './commands/actions.ts';
import { observationsCommand } from './commands/observations.ts';
import { observeCommand } from './commands/observe.ts';
import { planCommand } from './commands/plan.ts';
import { runCommand } from './commands/run.ts';
import { verifyCommand } from './commands/verify.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  doctorCommand,
  subjectsCommand,
  actionsCommand,
  observationsCommand,
  observeCommand,
  planCommand,
  runCommand,
  verifyCommand,
];
