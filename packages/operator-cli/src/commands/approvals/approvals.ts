import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatWaiting } from '../../output/approval-view.ts';
import { reportList } from '../../output/report-list.ts';

/** See `operator approvals --help`. */
export const approvalsCommand = createEngineCommand({
  name: 'approvals',
  summary: 'Show the runs that wait for the consent of people, each with its plan in full.',
  usage: '[flags]',
  examples: [['operator approvals', 'list the waiting runs']],
  needsLedger: true,
  use: list,
});

const OUTDATED = [
  '',
  'The policy has changed since: this can no longer be approved. Cancel it with `operator cancel RUN`, and plan again.',
];

async function list({ engine, invocation }: EngineCall): Promise<number> {
  const { output } = invocation;
  const waiting = await engine.approvals.waiting();
  const documents = waiting.map(({ progress, details }) => ({ ...progress, plan: details.plan }));
  reportList(output, {
    all: { format: 'operator.approvals/1', content: { approvals: documents } },
    each: 'operator.pending_approval/1',
    rows: documents,
    lines: () =>
      waiting.length === 0
        ? ['Nothing waits for approval.']
        : waiting.flatMap((one) => [
            ...formatWaiting(one, output.data),
            ...(one.isOutdated ? OUTDATED : []),
            '',
          ]),
  });
  return EXIT_CODES.done;
}
