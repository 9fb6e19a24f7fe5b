import { hash } from 'node:crypto';
import { ROOT_CHAIN } from '../../audit-log.ts';
import type { ChainRow } from './chain-row.ts';
import { columnsOf } from '../store/columns-of.ts';
import { SCHEMA_VERSION } from '../store/schema.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

/** The tables whose rows belong to a run, each with the condition and order for the rows of one run. */
const OF_RUN = {
  run: 'id = ?',
  request: 'run_id = ? ORDER BY place',
  approval: 'run_id = ? ORDER BY approver_kind, approver_name',
  resource_lock: 'run_id = ? ORDER BY resource',
  lease: 'run_id = ?',
} as const;
/** The tables of one row each. */
const OF_LEDGER = { mode: 'id = 1', policy_binding: 'id = 1' } as const;

/** First version with chains for each system. */
const CHAINS_SINCE = 10;

const TABLES = { ...OF_RUN, ...OF_LEDGER };
type Table = keyof typeof TABLES;
const RUN_TABLES = Object.keys(OF_RUN) as readonly Table[];
const LEDGER_TABLES = Object.keys(OF_LEDGER) as readonly Table[];

/** Fields of the ledger's first row besides its time. */
export interface MarkedControl {
  readonly ledgerId: string;
  readonly fence: number;
  readonly generation: number;
  readonly epoch: number;
  readonly jumpedMs: number;
  readonly acceptedMs: number;
  readonly chainBase: number;
}

/** An entry of the audit with the mark that it keeps. */
interface LastMark {
  readonly sequence: number;
  readonly mark: string | null;
}

/** Rows that differ from their mark in an entry of the audit. */
export interface RowEdit {
  readonly entry: number;
  readonly expected: string;
  readonly found: string;
}

/**
 * Marks of rows: hashes of all columns in the rows of a run, or of the ledger itself, after a transaction.
 * The audit keeps them, so that an edit of any column is found. Each names the version of the tables that it hashes.
 */
export class RowMarks {
  readonly #lastOfRun: Statement<LastMark>;
  readonly #last: Statement<LastMark>;
  readonly #recorded: Statement<{ details: string }>;
  readonly #lastOfChain: Statement<{ sequence: number; fence: number | string | null; at: string }>;
  readonly #chain: Statement<ChainRow>;

  constructor() {
    this.#lastOfRun = new Statement(
      `SELECT sequence, MEMBER(entry, 'rows') AS mark FROM audit WHERE run_id = ?
       ORDER BY sequence DESC LIMIT 1`,
    );
    this.#last = new Statement(
      `SELECT sequence, MEMBER(entry, 'ledger') AS mark FROM audit WHERE chain = '${ROOT_CHAIN}'
       ORDER BY place DESC LIMIT 1`,
    );
    this.#recorded = new Statement(
      `SELECT MEMBER(entry, 'details') AS details FROM audit
       WHERE run_id = ? AND kind = 'rows_edited' ORDER BY sequence LIMIT 1`,
    );
    this.#lastOfChain = new Statement(
      `SELECT sequence, MEMBER(entry, 'fence') AS fence, MEMBER(entry, 'at') AS at FROM audit
       WHERE chain = ? ORDER BY place DESC LIMIT 1`,
    );
    this.#chain = new Statement('SELECT * FROM chain WHERE name = ?');
  }

  /** The difference between a chain's row and its last entry in fence, number and time; `null` for none. */
  async findChainEdit(queries: Queries, chain: string): Promise<RowEdit | null> {
    const row = await this.#chain.get(queries, chain);
    const last = await this.#lastOfChain.get(queries, chain);
    if (row === undefined || last === undefined) return null;
    const { sequence: entry, fence, at } = last;
    const expected = `fence ${Number(fence)}, number ${entry}, time ${at}`;
    const { fence: kept, head_sequence: number, head_at: time } = row;
    const found = `fence ${kept}, number ${number}, time ${describeTime(time)}`;
    return found === expected ? null : { entry, expected, found };
  }

  /** The first edit of a run's rows that a later change has recorded; `null` for none. */
  async findRecordedEdit(transaction: Queries, runId: string): Promise<RowEdit | null> {
    const recorded = await this.#recorded.get(transaction, runId);
    // Written by this ledger from an edit.
    return recorded === undefined ? null : (JSON.parse(recorded.details) as RowEdit);
  }

  /** The difference between the ledger's own rows and their mark in the last entry of the root chain; `null` for none. */
  async findLedgerEdit(transaction: Queries, control: MarkedControl): Promise<RowEdit | null> {
    return this.#compare(await this.#last.get(transaction), async (version) =>
      this.ofLedger(transaction, control, version),
    );
  }

  /** The difference between a run's rows and their mark in the last entry about the run; `null` for none. */
  async findEdit(transaction: Queries, runId: string): Promise<RowEdit | null> {
    return this.#compare(
      await this.#lastOfRun.get(transaction, runId),
      async (version) => (await this.ofRun(transaction, runId, version)) ?? 'none',
    );
  }

  async #compare(
    last: LastMark | undefined,
    markNow: (version: number) => Promise<string>,
  ): Promise<RowEdit | null> {
    const expected = last?.mark ?? null;
    const version = expected === null ? null : versionOf(expected);
    if (last === undefined || expected === null || version === null) return null;
    const found = await markNow(version);
    return found === expected ? null : { entry: last.sequence, expected, found };
  }

  /** The mark of a run's rows; `null` when there is no such run. */
  async ofRun(queries: Queries, runId: string, version = SCHEMA_VERSION): Promise<string | null> {
    const rows: object[][] = [];
    for (const table of RUN_TABLES) rows.push(await rowsOf(table, version).all(queries, runId));
    return rows[0]?.length === 0 ? null : markOf(rows, version);
  }

  /** The mark of the rows that belong to no run. */
  async ofLedger(
    queries: Queries,
    control: MarkedControl,
    version = SCHEMA_VERSION,
  ): Promise<string> {
    const { ledgerId, fence, generation, epoch, jumpedMs, acceptedMs, chainBase } = control;
    const before = [ledgerId, fence, generation, epoch, jumpedMs, acceptedMs];
    const known = version < CHAINS_SINCE ? before : [...before, chainBase];
    const rows: object[][] = [];
    for (const table of LEDGER_TABLES) rows.push(await rowsOf(table, version).all(queries));
    return markOf([known, ...rows], version);
  }
}

/** The time as text. An edited number may be no time. */
function describeTime(at: number): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString();
}

const statements = new Map<string, Statement<object>>();

function rowsOf(table: Table, version: number): Statement<object> {
  const key = `${table} ${version}`;
  const known = statements.get(key);
  if (known !== undefined) return known;
  const columns = version === SCHEMA_VERSION ? '*' : earlierColumns(table, version);
  const made = new Statement<object>(`SELECT ${columns} FROM ${table} WHERE ${TABLES[table]}`);
  statements.set(key, made);
  return made;
}

/** The columns of an earlier shape. One that is gone by now was never written. */
function earlierColumns(table: Table, version: number): string {
  const now = columnsOf(table, SCHEMA_VERSION);
  return columnsOf(table, version)
    .map((column) => (now.includes(column) ? column : `NULL AS ${column}`))
    .join(', ');
}

/** Version of the shape that a mark was made of; `null` for what is no mark of this program. */
export function versionOf(mark: string): number | null {
  const version = Number(mark.split(':', 1)[0]);
  return Number.isInteger(version) && version > 0 && version <= SCHEMA_VERSION ? version : null;
}

function markOf(rows: readonly unknown[], version: number): string {
  return `${version}:${hash('sha256', JSON.stringify(rows), 'hex')}`;
}
