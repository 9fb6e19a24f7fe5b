import { createGroup } from '../../builders/command-group.ts';
import { anchorAuditCommand } from './anchor.ts';
import { explainAuditCommand } from './explain.ts';
import { exportAuditCommand } from './export.ts';
import { listAuditCommand } from './list.ts';
import { verifyAuditCommand } from './verify.ts';

/** See `operator audit --help`. */
export const auditCommand = createGroup({
  name: 'audit',
  summary: 'Who did what, why, and who allowed it: list, export, verify, anchor or explain it.',
  commands: [
    listAuditCommand,
    explainAuditCommand,
    verifyAuditCommand,
    anchorAuditCommand,
    exportAuditCommand,
  ],
});
