import { createGroup } from '../../builders/command-group.ts';
import { anchorAuditCommand } from './anchor.ts';
import { explainAuditCommand } from './explain.ts';
import { exportAuditCommand } from './export.ts';
import { listAuditCommand } from './list.ts';
import { verifyAuditCommand } from './verify.ts';

/** See `operator audit --help`. */
export const auditCommand = createGroup({
  name: 'audit',
  summary: 'List, export, verify, anchor or explain the records of all changes and consents.',
  commands: [
    listAuditCommand,
    explainAuditCommand,
    verifyAuditCommand,
    anchorAuditCommand,
    exportAuditCommand,
  ],
});
