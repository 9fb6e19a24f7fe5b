import type { PlayedCommand } from './play-guide.ts';

interface Expectation {
  readonly code: number;
  readonly says: readonly string[];
}

/** Expected exit code and output of each command of the guide, in the guide's order. */
const EXPECTED: readonly Expectation[] = [
  { code: 0, says: ['mail', 'video', '70'] },
  { code: 0, says: ['pause_queue', 'queue'] },
  { code: 0, says: ['Make queue mail paused.', '/queues/mail', '{"paused":true}'] },
  { code: 0, says: ['paused'] },
  { code: 0, says: ['Nothing to do', 'Queue mail is paused.'] },
  { code: 5, says: ['QUEUE_UNKNOWN', 'There is no queue post.'] },
  { code: 0, says: ['pass 1', 'fail 0'] },
];

/** The commands that came to something else. */
export function expectedExits(played: readonly PlayedCommand[]): readonly string[] {
  if (played.length !== EXPECTED.length) {
    return [`the guide shows ${played.length} commands, ${EXPECTED.length} are expected`];
  }
  return played.flatMap(({ command, code, output }, index) => {
    const expected = EXPECTED[index];
    const missing = expected?.says.filter((words) => !output.includes(words)) ?? [];
    if (code === expected?.code && missing.length === 0) return [];
    const lacks = missing.length === 0 ? '' : `, without saying ${missing.join(', ')}`;
    return [`${command} ended with ${code} instead of ${expected?.code}${lacks}\n${output}`];
  });
}
