import { createEngineCommand } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';

/** See `operator audit anchor --help`. */
export const anchorAuditCommand = createEngineCommand({
  name: 'audit anchor',
  summary:
    'Print one line to keep elsewhere. It proves later that no entry up to it was changed or removed.',
  usage: '[flags]',
  details: [
    'Keep the line where users who can write the ledger cannot write: in another account’s log, in a ticket, on paper. `operator audit verify --anchor LINE` compares the audit with it.',
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
