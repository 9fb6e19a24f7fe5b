import type { JsonObject, SendResult } from 'operator-core';
import type { Actor, Runner } from '../../actor.ts';
import type { Decision } from '../../approval.ts';
import type { AuditEntry, AuditPosition } from '../../audit-log.ts';
import type { ClaimAnswer, ClaimTerms, ForeseenClaim, Obstacle } from '../../claim.ts';
import type { RunDetails, RunRecord } from '../../run-record.ts';
import type {
  KnownRun,
  CancelAnswer,
  Decided,
  DisturbedFilter,
  IntendAnswer,
  RunFilter,
  RunMove,
  NewRun,
  Runs,
  RunSignals,
  TakeOverAnswer,
} from '../../runs.ts';
import { isOver } from '../../run-state.ts';
import type { AuditQueries } from '../audit/audit-queries.ts';
import type { ChangeGuard } from '../guards/change-guard.ts';
import { RunClaimer } from './claim-run.ts';
import { RunCreator } from './create-run.ts';
import { RunDecider } from './decide-run.ts';
import { LaterRuns } from './later-runs.ts';
import { refusing } from '../transaction/refusing.ts';
import { RunJournal } from './run-journal.ts';
import { bySystem } from './by-system.ts';
import { RunOwnership } from './run-ownership.ts';
import { RunQueries } from './run-queries.ts';
import { toRunRecord } from '../tables/run-row.ts';
import type { Tables } from '../tables/tables.ts';
import type { Transaction, Transactions } from '../transaction/transaction.ts';

/** Nothing that reaches a system depends on it: the next durable transaction carries it to the disk. */
const NOT_YET = { durable: false };

/** The runs of a ledger: every method is one transaction. */
export class StoredRuns implements Runs {
  readonly #transactions: Transactions;
  readonly #tables: Tables;
  readonly #guard: ChangeGuard;
  readonly #audit: AuditQueries;
  readonly #creator: RunCreator;
  readonly #decider: RunDecider;
  readonly #claimer: RunClaimer;
  readonly #journal: RunJournal;
  readonly #ownership: RunOwnership;
  readonly #queries: RunQueries;
  readonly #later: LaterRuns;

  constructor(
    transactions: Transactions,
    parts: { tables: Tables; audit: AuditQueries; guard: ChangeGuard },
  ) {
    this.#guard = parts.guard;
    const { limits } = transactions;
    const { tables, audit } = parts;
    this.#transactions = transactions;
    this.#tables = tables;
    this.#audit = audit;
    this.#creator = new RunCreator(tables);
    this.#decider = new RunDecider(tables);
    this.#claimer = new RunClaimer(tables);
    this.#journal = new RunJournal(tables, limits);
    this.#ownership = new RunOwnership(tables);
    this.#queries = new RunQueries(tables);
    this.#later = new LaterRuns();
  }

  async foresee(asked: ForeseenClaim): Promise<Obstacle | null> {
    return this.#transactions.read(async (instant) => this.#claimer.foresee(instant, asked));
  }

  async create(request: NewRun): Promise<{ created: boolean; run: RunRecord }> {
    const { decision, requester: by } = request;
    await this.#guard.require(by);
    const durable = decision !== undefined && isReported(decision);
    return this.#transactions.write(
      async (open) => {
        const { created, run } = await this.#creator.create(open, request);
        if (!created || decision === undefined) return { created, run };
        return { created, run: (await this.#decider.decide(open, run.id, { decision, by })).run };
      },
      { durable, system: request.plan.subject.system },
    );
  }

  async find(known: KnownRun): Promise<RunRecord | null> {
    return this.#transactions.look(async (queries) => this.#creator.find(queries, known));
  }

  async get(runId: string): Promise<RunDetails> {
    return this.#transactions.look(async (queries) =>
      this.#queries.details(queries, await this.#tables.runs.get(queries, runId)),
    );
  }

  async list(filter: RunFilter = {}): Promise<readonly RunRecord[]> {
    return this.#transactions.look(async (queries) => this.#queries.list(queries, filter));
  }

  async lastOn(asked: DisturbedFilter): Promise<RunRecord | null> {
    return this.#transactions.look(async (queries) => this.#queries.lastOn(queries, asked));
  }

  async laterOn(runId: string, resources: readonly string[]): Promise<readonly RunRecord[]> {
    return this.#transactions.look(async (queries) =>
      this.#later.find(queries, await this.#tables.runs.get(queries, runId), resources),
    );
  }

  async lastEntries(): Promise<AuditPosition> {
    return this.#transactions.look((_queries, { chains }) =>
      Object.fromEntries([...chains.values()].map((chain) => [chain.name, chain.head_place])),
    );
  }

  async events(runId: string, options: { after?: number } = {}): Promise<readonly AuditEntry[]> {
    return this.#transactions.read(async (transaction) => {
      await this.#tables.runs.get(transaction, runId);
      return this.#audit.ofRun(transaction, runId, options.after ?? 0);
    });
  }

  async decide(runId: string, decision: Decision, by: Actor): Promise<Decided> {
    await this.#guard.require(by);
    const body = async (open: Transaction): Promise<Decided> =>
      this.#decider.decide(open, runId, { decision, by });
    return this.#transactions.change(runId, body, { durable: isReported(decision) });
  }

  async refuse(
    runId: string,
    refused: { by: Actor; reason: string; detail?: JsonObject },
  ): Promise<RunRecord> {
    await this.#guard.require();
    return refusing(
      this.#transactions,
      async (open) => this.#decider.refuse(open, runId, refused),
      { run: runId },
    );
  }

  async claim(runId: string, terms: ClaimTerms): Promise<ClaimAnswer> {
    await this.#guard.require();
    const body = async (open: Transaction): Promise<ClaimAnswer> =>
      this.#claimer.claim(open, runId, terms);
    return this.#transactions.change(runId, body, NOT_YET);
  }

  async intend(runId: string, owner: { fence: number; index: number }): Promise<IntendAnswer> {
    const answer = await refusing(
      this.#transactions,
      async (open) => this.#journal.intend(open, runId, owner),
      { run: runId },
    );
    if (answer.outcome === 'may_send') await this.#keep(runId, owner);
    return answer;
  }

  /** Nothing leaves before it is witnessed that it may have. */
  async #keep(runId: string, owner: { fence: number; index: number }): Promise<void> {
    try {
      await this.#guard.keep();
    } catch (error) {
      const reason = 'the witness of the ledger could not be kept';
      await this.recordResult(runId, owner, { outcome: 'not_sent', reason });
      throw error;
    }
  }

  async recordResult(
    runId: string,
    owner: { fence: number; index: number },
    result: SendResult,
  ): Promise<void> {
    const settled = { ...owner, result };
    const body = this.#journal;
    return refusing(this.#transactions, async (open) => body.recordResult(open, runId, settled), {
      ...NOT_YET,
      run: runId,
    });
  }

  async note(
    runId: string,
    fence: number,
    seen: { what: string; details: JsonObject },
  ): Promise<void> {
    const noted = { fence, ...seen };
    return this.#transactions.change(
      runId,
      async (open) => this.#journal.note(open, runId, noted),
      NOT_YET,
    );
  }

  async move(runId: string, move: RunMove): Promise<RunRecord> {
    const body = async (open: Transaction): Promise<RunRecord> =>
      this.#journal.move(open, runId, move);
    return this.#transactions.change(runId, body, { durable: isOver(move.to) });
  }

  async signals(runId: string, fence: number): Promise<RunSignals> {
    return this.#transactions.read(async (transaction) =>
      this.#journal.signals(transaction, runId, fence),
    );
  }

  async cancel(runId: string, wish: { by: Actor; reason: string }): Promise<CancelAnswer> {
    return this.#transactions.change(runId, async (open) =>
      this.#ownership.cancel(open, runId, wish),
    );
  }

  async abandoned(): Promise<readonly RunRecord[]> {
    return this.#transactions.read(async (instant) => this.#ownership.abandoned(instant));
  }

  async takeOver(runId: string, runner: Runner): Promise<TakeOverAnswer> {
    await this.#guard.require();
    return this.#transactions.change(runId, async (open) => {
      const taken = await this.#ownership.takeOver(open, runId, runner);
      return taken.outcome === 'taken'
        ? { ...taken, run: await this.#queries.details(open, taken.run) }
        : { outcome: taken.outcome, run: toRunRecord(taken.run) };
    });
  }

  async expire(by: Actor): Promise<readonly RunRecord[]> {
    const over = await this.#transactions.read(async (open) => this.#ownership.outOfTime(open));
    // A daemon must hear that the ledger cannot be written, also while nothing is due.
    if (over.length === 0) await this.#transactions.write(() => null, { of: 'heartbeat' });
    const expired: RunRecord[] = [];
    for (const [system, runIds] of bySystem(over)) {
      const body = async (open: Transaction): Promise<readonly RunRecord[]> =>
        this.#ownership.expire(open, runIds, by);
      expired.push(...(await this.#transactions.write(body, { system })));
    }
    return expired;
  }
}

/** True for a denied or waiting run, which must be durable when it is reported. An allowed one is claimed next. */
function isReported({ kind }: Decision): boolean {
  return kind !== 'allow';
}
