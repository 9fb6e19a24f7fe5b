import type { Queries } from '../store/statement.ts';
import { Statement } from '../store/statement.ts';
import { advise, OperatorError } from 'operator-core';
import { describeCause } from '../../../errors/describe-cause.ts';
import { operations } from '../../../errors/operations.ts';
import { createEngineError } from '../../../errors/engine-error.ts';
import type { Actor } from '../../actor.ts';
import type { Audit } from '../../audit-log.ts';
import type {
  ClockStatus,
  LedgerReport,
  Maintenance,
  Pruned,
  Rollback,
} from '../../maintenance.ts';
import type { AuditQueries } from './audit-queries.ts';
import { toKeptTime } from '../transaction/control-row.ts';
import { parseTime, toIso } from '../transaction/ledger-time.ts';
import type { StoredPolicyBindings } from '../guards/policy-binding.ts';
import { ProofCheck } from './proof-check.ts';
import { Pruner } from './prune.ts';
import { RowCheck } from './row-check.ts';
import { reconcile } from './reconcile.ts';
import { describeRollback } from '../transaction/rolled-back.ts';
import type { RollbackGuard } from '../guards/rollback-guard.ts';
import { SCHEMA_VERSION } from '../store/schema.ts';
import { createCorrupt } from '../store/store-errors.ts';
import { TimeCheck } from './time-check.ts';
import { sumUnproven, toClockStatus } from '../transaction/clock-status.ts';
import type { Tables } from '../tables/tables.ts';
import type { Instant, Transactions } from '../transaction/transaction.ts';
import { earliestOf } from '../transaction/two-clocks.ts';

const EVERYTHING = { of: 'everything' } as const;
const DAY_MS = 24 * 3_600_000;

/** Maintenance of a ledger. */
export class StoredMaintenance implements Maintenance {
  readonly #transactions: Transactions;
  readonly #audit: Audit;
  readonly #pruner: Pruner;
  readonly #rows: RowCheck;
  readonly #proofs: ProofCheck;
  readonly #times: TimeCheck;
  readonly #tables: Tables;
  readonly #guard: RollbackGuard;
  readonly #bindings: StoredPolicyBindings;

  constructor(
    transactions: Transactions,
    parts: {
      audit: Audit;
      queries: AuditQueries;
      tables: Tables;
      guard: RollbackGuard;
      bindings: StoredPolicyBindings;
    },
  ) {
    this.#bindings = parts.bindings;
    this.#guard = parts.guard;
    this.#transactions = transactions;
    this.#audit = parts.audit;
    this.#tables = parts.tables;
    this.#pruner = new Pruner(transactions, parts.queries);
    this.#rows = new RowCheck(transactions, parts.queries);
    this.#proofs = new ProofCheck(transactions, parts.tables);
    this.#times = new TimeCheck(transactions.store);
  }

  async backup(path: string): Promise<{ path: string; bytes: number }> {
    return { path, bytes: await this.#transactions.store.backup(path) };
  }

  async check(options: { signal?: AbortSignal } = {}): Promise<LedgerReport> {
    const facts = await this.#transactions.read(async (instant) => ({
      runs: Number(
        (await new Statement<{ n: number }>('SELECT count(*) AS n FROM run').get(instant))?.n,
      ),
      clock: toClockStatus(instant),
      problems: await this.#lookAtFile(instant),
    }));
    const audit = await this.#audit.verify(options);
    const { fault } = audit;
    const edits = await this.#findEdits(options.signal);
    const unproven = await this.#proofs.find(options.signal);
    const rollback = await this.rollback();
    const problems = [
      ...facts.problems,
      ...unproven,
      ...edits,
      ...(fault === null ? [] : [fault.message]),
      ...(rollback === null ? [] : [describeRollback(rollback)]),
    ];
    const bytes = await this.#transactions.store.size();
    const { runs, clock } = facts;
    const isSound = problems.length === 0;
    return { isSound, problems, schema: SCHEMA_VERSION, runs, bytes, clock, audit };
  }

  async prune(before: string, by: Actor): Promise<Pruned> {
    this.#transactions.store.owner.require('prunes it');
    const instant = parseTime(before);
    // A tampered row is evidence: it stays.
    const { fault } = await this.#audit.verify();
    if (fault !== null)
      throw createCorrupt(this.#transactions.store.location, new Error(fault.message));
    let proofs: readonly string[] = [];
    let leased: readonly string[] = [];
    const { pruned, entry } = await this.#transactions.write(async (transaction) => {
      requireOld(instant, transaction);
      proofs = await this.#pruner.proofs(transaction, instant);
      leased = await this.#pruner.leased(transaction, instant);
      return this.#pruner.prune(transaction, instant, by);
    }, EVERYTHING);
    if (entry !== null) await this.#guard.statePrune(entry);
    this.#tables.proofs.remove(proofs);
    this.#tables.proofs.removeExtensions(leased);
    return pruned;
  }

  async tryWriting(): Promise<{ freeBytes: number | null }> {
    return this.#transactions.store.tryWriting();
  }

  async clock(): Promise<ClockStatus> {
    return this.#transactions.read(toClockStatus);
  }

  async acceptTime({ by, reason }: { by: Actor; reason: string }): Promise<ClockStatus> {
    this.#transactions.store.owner.require('sets its time');
    await this.#transactions.write(async (transaction) => {
      if (transaction.reading.kept !== null) throw createForeign();
      const { at, machine, unconfirmedMs } = toClockStatus(transaction);
      transaction.acceptWall();
      const details = { from: at, to: machine, unconfirmedMs };
      await transaction.append({ actor: by, kind: 'time_accepted', reason, details });
    });
    return this.clock();
  }

  async rollback(): Promise<Rollback | null> {
    return this.#guard.find();
  }

  async acceptRollback(change: {
    by: Actor;
    reason: string;
    through?: number | undefined;
  }): Promise<{ through: number; head: number }> {
    this.#transactions.store.owner.require('accepts that a part of it is lost');
    const { by, reason } = change;
    const known = (await this.rollback())?.known ?? 0;
    const accepted = await this.#transactions.write(async (transaction) => {
      const { chains } = await this.#transactions.control(transaction);
      const head = Math.max(...[...chains.values()].map((row) => row.head_sequence));
      const through = Math.max(known, change.through ?? head);
      await transaction.acceptRollback();
      const entry = { actor: by, kind: 'rollback_accepted', reason } as const;
      const sequence = await transaction.append({ ...entry, details: { head, through } });
      return { sequence, through, head };
    });
    await this.#guard.accept(accepted);
    return { through: accepted.through, head: accepted.head };
  }

  async #findEdits(signal: AbortSignal | undefined): Promise<readonly string[]> {
    try {
      const times = await this.#transactions.read(async (instant) =>
        this.#times.find(instant, toKeptTime(await this.#transactions.control(instant))),
      );
      return [...(await this.#rows.find(signal)), ...times];
    } catch (error) {
      if (OperatorError.isInstance(error) && error.kind === 'interrupted') throw error;
      return [`the rows cannot be compared with the audit: ${describeCause(error)}`];
    }
  }

  async #lookAtFile(transaction: Queries): Promise<readonly string[]> {
    try {
      return [
        ...(await this.#transactions.store.findDamage(transaction)),
        ...(await reconcile(transaction)),
        ...(await this.#tables.approvals.problems(transaction)),
        ...(await this.#bindings.problems(transaction)),
      ];
    } catch (error) {
      return [`the file cannot be read to its end: ${describeCause(error)}`];
    }
  }
}

/** Limits count what was done lately, and a plan that was used must not be new again. */
function requireOld(instant: number, now: Instant): void {
  const unconfirmed = sumUnproven(now.reading);
  const latest = Math.min(now.now - unconfirmed, earliestOf(now)) - DAY_MS;
  if (instant <= latest) return;
  throw createEngineError('PARAMETERS_INVALID', {
    message:
      'Records of the last day cannot be pruned: limits, used plans and keys depend on them.',
    remedy:
      unconfirmed === 0
        ? `Name a time that is not after ${toIso(latest)}.`
        : advise`Name a time that is not after ${toIso(latest)}: the clock has jumped since. If it is right now: ${operations.acceptTime}.`,
    facts: { before: toIso(instant), latest: toIso(latest), unconfirmedMs: unconfirmed },
  });
}

function createForeign(): OperatorError {
  return createEngineError('CLOCK_IN_DOUBT', {
    message:
      'This process is in a time namespace, so its clocks cannot set the time of a ledger. Nothing was done.',
    remedy: 'Run the command outside of it.',
    facts: {},
  });
}
