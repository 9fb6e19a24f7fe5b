import type { JsonObject } from 'operator-core';
import type { KeptTime, TimeReading } from '../../clock/advance-time.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LedgerLimits } from '../ledger-limits.ts';
import { redact, redactText } from '../../secrets/redact.ts';
import { linkEntry } from './audit-chain.ts';
import type { AuditDraft } from './audit-chain.ts';
import type { Database, WriteOptions } from './database.ts';
import { toIso } from './ledger-time.ts';
import { createTooNew } from './open-database.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { createCorrupt } from './sqlite-error.ts';
import type { Input, Statement } from './statement.ts';

/** What the ledger knows of itself. */
export interface ControlRow {
  readonly ledger_id: string;
  readonly schema: number;
  readonly time_at: number;
  readonly time_monotonic: number;
  readonly time_boot: string | null;
  readonly time_anchor_at: number | null;
  readonly time_anchor_monotonic: number | null;
  readonly time_epoch: number;
  readonly time_jumped: number;
  readonly time_accepted: number;
  readonly fence: number;
  readonly head_sequence: number;
  readonly head_hash: string;
  readonly start_sequence: number;
  readonly start_hash: string;
}

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
  /** A number larger than any that was given out before. */
  nextFence(): number;
}

/** Makes the transactions of a ledger. */
export class Transactions {
  readonly database: Database;
  readonly limits: LedgerLimits;
  readonly clock: Clock;
  readonly #control: Statement<ControlRow>;
  readonly #store: Statement<never>;
  readonly #insert: Statement<never>;

  constructor(database: Database, options: { limits: LedgerLimits; clock: Clock }) {
    this.database = database;
    this.limits = options.limits;
    this.clock = options.clock;
    this.#control = database.prepare('SELECT * FROM control WHERE id = 1');
    this.#store = database.prepare(
      `UPDATE control SET time_at = ?, time_monotonic = ?, time_boot = ?, time_anchor_at = ?,
         time_anchor_monotonic = ?, time_epoch = ?, time_jumped = ?, time_accepted = ?, fence = ?,
         head_sequence = ?, head_hash = ? WHERE id = 1`,
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
    return row;
  }

  async read<Result>(body: (instant: Instant) => Result): Promise<Result> {
    return this.database.read(() => body(this.#instant(this.control())));
  }

  async write<Result>(
    body: (transaction: Transaction) => Result,
    options?: WriteOptions,
  ): Promise<Result> {
    return this.database.write(() => this.within(body), options);
  }

  /** For who has begun a transaction already. */
  within<Result>(body: (transaction: Transaction) => Result): Result {
    const open = new OpenTransaction(this.control(), {
      instantOf: (control) => this.#instant(control),
      insert: this.#insert,
    });
    const result = body(open);
    this.#store.run(...open.toStore());
    return result;
  }

  #instant(control: ControlRow): Instant {
    const reading = this.clock.follow(toKeptTime(control));
    return { now: Math.floor(reading.at), reading };
  }
}

/** The time that a ledger has written down. */
function toKeptTime(control: ControlRow): KeptTime {
  const { time_at: at, time_monotonic: monotonic, time_boot: boot } = control;
  const { time_anchor_at: anchorAt, time_anchor_monotonic: anchorMonotonic } = control;
  const isAnchored = anchorAt !== null && anchorMonotonic !== null;
  return {
    at,
    monotonic,
    boot,
    anchor: isAnchored ? { at: anchorAt, monotonic: anchorMonotonic } : null,
    epoch: control.time_epoch,
    jumpedMs: control.time_jumped,
    acceptedMs: control.time_accepted,
  };
}

class OpenTransaction implements Transaction {
  readonly now: number;
  #reading: TimeReading;
  readonly #at: string;
  readonly #insert: Statement<never>;
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

  acceptWall(): void {
    const { wall: at, monotonic, epoch, jumpedMs } = this.#reading;
    const anchor = { at, monotonic };
    this.#reading = { ...this.#reading, at, anchor, epoch: epoch + 1, acceptedMs: jumpedMs };
  }

  toStore(): Input[] {
    const { at, monotonic, boot, anchor, epoch, jumpedMs, acceptedMs } = this.#reading;
    const bound = [anchor?.at ?? null, anchor?.monotonic ?? null, epoch, jumpedMs, acceptedMs];
    return [at, monotonic, boot, ...bound, this.#fence, this.#sequence, this.#head];
  }
}
