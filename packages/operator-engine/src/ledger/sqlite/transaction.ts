import type { JsonObject } from 'operator-core';
import type { TimeReading } from '../../clock/advance-time.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LedgerLimits } from '../ledger-limits.ts';
import { redact, redactText } from '../../secrets/redact.ts';
import type { WitnessedEntry } from '../witness.ts';
import { toKeptTime } from './control-row.ts';
import type { ControlRow } from './control-row.ts';
import { linkEntry } from './audit-chain.ts';
import type { AuditDraft } from './audit-chain.ts';
import type { Database, WriteOptions } from './database.ts';
import { toIso } from './ledger-time.ts';
import { createTooNew } from './open-database.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { createRolledBack } from './rolled-back.ts';
import { createCorrupt } from './sqlite-error.ts';
import type { Input, Statement } from './statement.ts';

/** Actor of what the ledger does by itself. */
export const LEDGER_ACTOR = { kind: 'runner', name: 'operator' } as const;

/** The instant of a transaction. */
export interface Instant {
  /** Milliseconds since the epoch, in the ledger's time. */
  readonly now: number;
  readonly reading: TimeReading;
}

/** A transaction that changes something: its instant, its place in the audit, its fences. */
export interface Transaction extends Instant {
  /** Writes an entry of the audit and returns its number. Texts in `secrets` do not reach it. */
  append(draft: AuditDraft, secrets?: readonly string[]): number;
  /** The number that the next entry will have. */
  readonly nextEntry: number;
  /** Makes the machine's clock, whatever it says, the ledger's time after this transaction. */
  acceptWall(): void;
  /** Begins a new generation: witnesses of earlier ones may be of entries that are lost. */
  acceptRollback(): void;
  /** A number larger than any that was given out before. */
  nextFence(): number;
}

/** Last entry of a ledger. */
export interface LedgerHead extends WitnessedEntry {
  readonly ledgerId: string;
}

/** Makes the transactions of a ledger. */
export class Transactions {
  readonly database: Database;
  readonly limits: LedgerLimits;
  readonly clock: Clock;
  readonly #control: Statement<ControlRow>;
  readonly #store: Statement<never>;
  readonly #insert: Statement<never>;
  #durable: LedgerHead | null = null;
  #seen = { known: 0, hash: '' };

  constructor(database: Database, options: { limits: LedgerLimits; clock: Clock }) {
    this.database = database;
    this.limits = options.limits;
    this.clock = options.clock;
    this.#control = database.prepare('SELECT * FROM control WHERE id = 1');
    this.#store = database.prepare(
      `UPDATE control SET time_at = ?, time_monotonic = ?, time_boot = ?, time_anchor_at = ?,
         time_anchor_monotonic = ?, time_epoch = ?, time_jumped = ?, time_accepted = ?, generation = ?,
         fence = ?, head_sequence = ?, head_hash = ? WHERE id = 1`,
    );
    this.#insert = database.prepare(
      'INSERT INTO audit (sequence, entry, previous, hash) VALUES (?, ?, ?, ?)',
    );
  }

  /** What the ledger knows of itself, inside a transaction. */
  control(): ControlRow {
    const row = this.#control.get();
    const { location } = this.database;
    if (row === undefined) throw createCorrupt(location, new Error('its first row is gone'));
    // A newer program may have migrated it while this one had it open.
    const { schema: version } = row;
    const known = SCHEMA_VERSION;
    if (version > known) throw createTooNew(location, { version, known });
    this.#requireGrowth(row);
    return row;
  }

  /** A copy that was written over the file is older than what this process has read from it. */
  #requireGrowth({ head_sequence: head, head_hash: hash }: ControlRow): void {
    const { known, hash: seen } = this.#seen;
    const isCut = head < known;
    if (isCut || (known > 0 && head === known && hash !== seen)) {
      throw createRolledBack(this.database.location, { known, hash: seen, head, isCut });
    }
    this.#seen = { known: head, hash };
  }

  async read<Result>(body: (instant: Instant) => Result): Promise<Result> {
    return this.database.read(() => body(this.#instant(this.control())));
  }

  async write<Result>(
    body: (transaction: Transaction) => Result,
    options?: WriteOptions,
  ): Promise<Result> {
    let head: LedgerHead | null = null;
    const result = await this.database.write(() => {
      const open = this.#open();
      const value = body(open);
      this.#store.run(...open.toStore());
      head = open.head;
      return value;
    }, options);
    if (options?.durable !== false) this.#durable = head;
    return result;
  }

  /** The last entry that this process knows to be on disk; `null` before it has written one. */
  get durable(): LedgerHead | null {
    return this.#durable;
  }

  /** For who has begun a transaction already. */
  within<Result>(body: (transaction: Transaction) => Result): Result {
    const open = this.#open();
    const result = body(open);
    this.#store.run(...open.toStore());
    return result;
  }

  #open(): OpenTransaction {
    const instantOf = (control: ControlRow): Instant => this.#instant(control);
    return new OpenTransaction(this.control(), { instantOf, insert: this.#insert });
  }

  #instant(control: ControlRow): Instant {
    const reading = this.clock.follow(toKeptTime(control));
    return { now: Math.floor(reading.at), reading };
  }
}

class OpenTransaction implements Transaction {
  readonly now: number;
  #reading: TimeReading;
  readonly #at: string;
  readonly #insert: Statement<never>;
  readonly #ledgerId: string;
  #generation: number;
  #fence: number;
  #sequence: number;
  #head: string;

  constructor(
    control: ControlRow,
    parts: { instantOf: (control: ControlRow) => Instant; insert: Statement<never> },
  ) {
    const { now, reading } = parts.instantOf(control);
    this.now = now;
    this.#reading = reading;
    this.#at = toIso(now);
    this.#insert = parts.insert;
    this.#ledgerId = control.ledger_id;
    this.#generation = control.generation;
    this.#fence = control.fence;
    this.#sequence = control.head_sequence;
    this.#head = control.head_hash;
    if (reading.jumpMs > 0) this.#recordJump(control, reading);
  }

  #recordJump({ time_at: before }: ControlRow, { jumpMs }: TimeReading): void {
    const details = { from: toIso(before), to: this.#at, jumpMs: Math.round(jumpMs) };
    this.append({ actor: LEDGER_ACTOR, kind: 'time_jumped', details });
  }

  get reading(): TimeReading {
    return this.#reading;
  }

  get nextEntry(): number {
    return this.#sequence + 1;
  }

  append(draft: AuditDraft, secrets: readonly string[] = []): number {
    const { actor, kind, runId = null, digest = null, reason = null } = draft;
    const details: JsonObject = redact(draft.details ?? {}, secrets);
    const said = reason === null ? null : redactText(reason, secrets);
    const sequence = this.nextEntry;
    const at = this.#at;
    const content = { sequence, at, actor, kind, runId, digest, reason: said, details };
    const { entry, previous, hash } = linkEntry(content, this.#head);
    this.#insert.run(sequence, entry, previous, hash);
    this.#sequence = sequence;
    this.#head = hash;
    return sequence;
  }

  nextFence(): number {
    this.#fence += 1;
    return this.#fence;
  }

  acceptRollback(): void {
    this.#generation += 1;
  }

  acceptWall(): void {
    const { wall: at, monotonic, epoch, jumpedMs } = this.#reading;
    const anchor = { at, monotonic };
    this.#reading = { ...this.#reading, at, anchor, epoch: epoch + 1, acceptedMs: jumpedMs };
  }

  get head(): LedgerHead {
    const generation = this.#generation;
    return {
      ledgerId: this.#ledgerId,
      generation,
      sequence: this.#sequence,
      hash: this.#head,
    };
  }

  toStore(): Input[] {
    const { at, monotonic, boot, anchor, epoch, jumpedMs, acceptedMs } = this.#reading;
    const bound = [anchor?.at ?? null, anchor?.monotonic ?? null, epoch, jumpedMs, acceptedMs];
    return [
      at,
      monotonic,
      boot,
      ...bound,
      this.#generation,
      this.#fence,
      this.#sequence,
      this.#head,
    ];
  }
}
