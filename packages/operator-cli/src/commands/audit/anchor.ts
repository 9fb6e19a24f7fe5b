import { createEngineCommand } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';

/** See `operator audit anchor --help`. */
export const anchorAuditCommand = createEngineCommand({
  name: 'audit anchor',
  summary:
    'Print one line to keep in another place. It later proves that no entry up to it was changed or removed.',
  usage: '[flags]',
  details: [
    'Keep the line in a place that users of the ledger cannot write to: the log of another account, a ticket, or paper. `operator audit verify --anchor LINE` compares the audit with it.',
  ],
  examples: [['operator audit anchor', 'every night, to a log of another machine']],
  needsLedger: true,
  use: async ({ engine, invocation: { output } }) => {
    const { audit } = await engine.openLedger();
    const anchor = await audit.anchor();
    if (output.format === 'text') output.print([anchor]);
    else output.emit('operator.audit_anchor/1', { anchor });
    return EXIT_CODES.done;
  },
});
