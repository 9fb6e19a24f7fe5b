import { hash } from 'node:crypto';
import { canonicalJson } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import type { RunCondition } from '../../run-condition.ts';
import type { ProofName } from '../../../proofs/proofs.ts';
import type { Actor } from '../../actor.ts';
import { createRunId } from '../../run-id.ts';
import { redactText } from '../../../secrets/redact.ts';
import type { RunRecord } from '../../run-record.ts';
import type { KnownRun, NewRun } from '../../runs.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { termsOf } from '../tables/run-proofs.ts';
import { toRunRecord } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Input } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';
import type { Transaction } from '../transaction/transaction.ts';

const COLUMNS = [
  'id',
  'digest',
  'document',
  'state',
  'subject',
  'plugin',
  'system_kind',
  'system_id',
  'system_version',
  'action',
  'risk_level',
  'summary',
  'purpose',
  'of_run',
  'requester_kind',
  'requester_name',
  'requester_for',
  'idempotency_key',
  'created_at',
  'expires_at',
  'lease_ms',
  'request_count',
  'first_entry',
  'condition',
  'proof',
] as const;

type NewColumn = Exclude<(typeof COLUMNS)[number], 'proof'>;
type NewRow = Readonly<Record<Exclude<NewColumn, keyof RunRow>, Input>> &
  Pick<RunRow, Extract<NewColumn, keyof RunRow>>;

/** Writes new runs down: one for each plan, and one for each key of a requester. */
export class RunCreator {
  readonly #tables: Tables;
  readonly #byDocument: Statement<RunRow>;
  readonly #byKey: Statement<RunRow>;
  readonly #insert: Statement<never>;
  readonly #insertPlan: Statement<never>;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#byDocument = new Statement('SELECT * FROM run WHERE document = ?');
    this.#byKey = new Statement(
      'SELECT * FROM run WHERE requester_kind = ? AND requester_name = ? AND idempotency_key = ?',
    );
    const places = COLUMNS.map(() => '?').join(', ');
    this.#insert = new Statement(`INSERT INTO run (${COLUMNS.join(', ')}) VALUES (${places})`);
    this.#insertPlan = new Statement('INSERT INTO plan (run_id, document) VALUES (?, ?)');
  }

  async create(
    transaction: Transaction,
    request: NewRun,
  ): Promise<{ created: boolean; run: RunRecord }> {
    const { plan, document = plan.digest } = request;
    const existing = await this.find(transaction, { ...request, document });
    if (existing !== null) return { created: false, run: existing };
    const id = createRunId(transaction.now);
    const { kind, id: system } = plan.subject.system;
    const firstEntry = await transaction.nextPlace({ system_kind: kind, system_id: system });
    const made = toRow(request, { id, now: transaction.now, firstEntry });
    const row = { ...made, proof: this.#prove(made, request) };
    await this.#insert.run(transaction, ...COLUMNS.map((column) => row[column]));
    // A plan is JSON by contract; canonicalJson throws where it is not.
    const kept = canonicalJson(plan as unknown as JsonValue);
    await this.#insertPlan.run(transaction, id, kept);
    const about = {
      runId: id,
      digest: plan.digest,
      details: { ...detailsOf(transaction, request), planHash: hash('sha256', kept, 'hex') },
    };
    await transaction.append({ actor: request.requester, kind: 'run_created', ...about });
    return { created: true, run: toRunRecord(await this.#tables.runs.get(transaction, id)) };
  }

  /** First the proof, then the row: a proof without a row proves nothing, a row without a proof never runs. */
  #prove(row: NewRow, { requester }: NewRun): ProofName {
    const { id: runId, digest, expires_at: expiresAt } = row;
    const terms = termsOf(row);
    return this.#tables.proofs.writeRequest({ runId, digest, requester, terms, expiresAt });
  }

  async find(
    transaction: Queries,
    { document, requester, idempotencyKey }: KnownRun,
  ): Promise<RunRecord | null> {
    const byKey =
      idempotencyKey === undefined || requester === undefined
        ? undefined
        : await this.#byKey.get(
            transaction,
            requester.kind,
            requester.name,
            toKey(requester, idempotencyKey),
          );
    const byDocument =
      document === undefined ? undefined : await this.#byDocument.get(transaction, document);
    const row = byKey ?? byDocument;
    return row === undefined ? null : toRunRecord(row);
  }
}

function toRow(
  request: NewRun,
  { id, now, firstEntry }: { id: string; now: number; firstEntry: number },
): NewRow {
  const { plan, requester, purpose = { kind: 'change' } } = request;
  const { name, plugin, system } = plan.subject;
  return {
    id,
    digest: plan.digest,
    document: request.document ?? plan.digest,
    state: 'planned',
    subject: name,
    plugin,
    system_kind: system.kind,
    system_id: system.id,
    system_version: system.version ?? null,
    action: plan.action,
    risk_level: plan.riskLevel,
    summary: redactText(plan.summary),
    purpose: purpose.kind,
    of_run: purpose.kind === 'change' ? null : purpose.of,
    requester_kind: requester.kind,
    requester_name: requester.name,
    requester_for: requester.onBehalfOf ?? null,
    idempotency_key:
      request.idempotencyKey === undefined ? null : toKey(requester, request.idempotencyKey),
    created_at: now,
    expires_at: now + request.expiresInMs,
    lease_ms: request.leaseMs ?? null,
    request_count: plan.requests.length,
    first_entry: firstEntry,
    condition: request.condition === undefined ? null : canonicalJson(toKept(request.condition)),
  };
}

/** Keys are per requester; one that acts for several persons has keys for each. */
function toKey({ onBehalfOf }: Actor, key: string): string {
  return onBehalfOf === undefined ? key : canonicalJson([onBehalfOf, key]);
}

function toKept({ text, withinMs, before }: RunCondition): JsonObject {
  return { text, withinMs, before: { ...before } };
}

function detailsOf({ now }: Transaction, request: NewRun): JsonObject {
  const { plan, purpose = { kind: 'change' }, condition } = request;
  return {
    action: plan.action,
    subject: plan.subject.name,
    system: { ...plan.subject.system },
    parameters: plan.parameters,
    summary: plan.summary,
    riskLevel: plan.riskLevel,
    purpose: { ...purpose },
    expiresAt: toIso(now + request.expiresInMs),
    ...(condition === undefined ? {} : { condition: toKept(condition) }),
  };
}
