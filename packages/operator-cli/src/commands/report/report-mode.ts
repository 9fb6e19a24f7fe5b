import type { ModeStatus } from 'operator-engine';
import type { Invocation } from '../../command/command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatMode } from '../../output/mode-view.ts';

/** Reports the mode: which changes may run now. */
export function reportMode(status: ModeStatus, { output }: Invocation): number {
  if (output.format === 'text') output.print(formatMode(status, output.data));
  else output.emit('operator.mode/1', status);
  return EXIT_CODES.done;
}
