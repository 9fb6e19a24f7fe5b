import * as z from 'zod/mini';
import type { AuditVerification } from '../ledger/audit-log.ts';
import { flag, orNull, text, whole } from './schema-parts.ts';

export const auditVerification = (): z.ZodMiniType<AuditVerification> =>
  z.strictObject({
    isIntact: flag(),
    entries: whole(),
    first: whole(),
    last: whole(),
    chains: z.array(
      z.strictObject({
        chain: text(),
        entries: whole(),
        first: whole(),
        last: whole(),
        head: text(),
      }),
    ),
    fault: orNull(
      z.strictObject({
        chain: text(),
        place: whole(),
        found: z.enum([
          'changed',
          'removed',
          'misplaced',
          'unlinked',
          'cut',
          'unopened',
          'altered',
        ]),
        message: text(),
      }),
    ),
    anchors: z.strictObject({
      given: whole(),
      compared: whole(),
      skipped: z.array(
        z.strictObject({ anchor: text(), because: z.enum(['pruned', 'other_ledger']) }),
      ),
    }),
  });
