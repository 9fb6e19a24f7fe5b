import type {
  Audit,
  AuditEntry,
  AuditFilter,
  AuditVerification,
  RefusedPlan,
  TrustChange,
} from '../../audit-log.ts';
import { formatAnchor, parseAnchor } from './audit-anchor.ts';
import type { AuditQueries } from './audit-queries.ts';
import { AuditVerifier } from './audit-verify.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { clampLimit } from '../store/query.ts';
import type { Transactions } from '../transaction/transaction.ts';

const EXPORT_PAGE = 1_000;

/** The audit. */
export class StoredAudit implements Audit {
  readonly #transactions: Transactions;
  readonly #queries: AuditQueries;
  readonly #verifier: AuditVerifier;

  constructor(transactions: Transactions, queries: AuditQueries) {
    this.#transactions = transactions;
    this.#queries = queries;
    this.#verifier = new AuditVerifier(transactions);
  }

  async list(
    filter: AuditFilter = {},
    page: { after?: number; limit?: number } = {},
  ): Promise<readonly AuditEntry[]> {
    const limit = clampLimit(page.limit, 100);
    const { after = 0 } = page;
    return this.#transactions.read(async (transaction) =>
      this.#queries.page(transaction, filter, { after, limit }),
    );
  }

  async latest(
    filter: AuditFilter = {},
    page: { limit?: number } = {},
  ): Promise<readonly AuditEntry[]> {
    const limit = clampLimit(page.limit, 100);
    return this.#transactions.read(async (transaction) =>
      this.#queries.page(transaction, filter, { limit, newestFirst: true }),
    );
  }

  async *export(filter: AuditFilter = {}): AsyncGenerator<AuditEntry, void> {
    for (let after = 0; ;) {
      const entries = await this.list(filter, { after, limit: EXPORT_PAGE });
      yield* entries;
      const last = entries.at(-1);
      if (last === undefined) return;
      after = last.sequence;
    }
  }

  async verify(
    options: { anchors?: readonly string[]; signal?: AbortSignal } = {},
  ): Promise<AuditVerification> {
    const { anchors = [], signal } = options;
    return this.#verifier.verify(anchors.map(parseAnchor), signal);
  }

  async anchor(): Promise<string> {
    return this.#transactions.read(async (transaction) => {
      const control = await this.#transactions.control(transaction);
      const heads = [...control.chains.values()].map((row) => {
        return [row.name, { place: row.head_place, hash: row.head_hash }] as const;
      });
      const anchor = { ledgerId: control.ledger_id, heads: new Map(heads) };
      return formatAnchor(anchor, toIso(transaction.now));
    });
  }

  async recordRefusal({ actor, reason, details }: RefusedPlan): Promise<void> {
    await this.#transactions.write(async (transaction) => {
      await transaction.append({ actor, kind: 'plan_refused', reason, details });
    });
  }

  async recordTrust({ actor, path, isTrusted }: TrustChange): Promise<void> {
    await this.#transactions.write(async (transaction) => {
      await transaction.append({ actor, kind: 'path_trusted', details: { path, isTrusted } });
    });
  }
}
