import { createGroup } from '../command-group.ts';
import { anchorAuditCommand } from './audit/anchor.ts';
import { explainAuditCommand } from './audit/explain.ts';
import { exportAuditCommand } from './audit/export.ts';
import { listAuditCommand } from './audit/list.ts';
import { verifyAuditCommand } from './audit/verify.ts';

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
