import type { JsonObject } from 'operator-core';
import type { TimeReading } from '../../../clock/advance-time.ts';
import { redact, redactText } from '../../../secrets/redact.ts';
import type { WitnessedEntry } from '../../witness.ts';
import { linkEntry } from './audit-chain.ts';
import type { AuditContent, AuditDraft, AuditRow } from './audit-chain.ts';
import type { ControlRow } from './control-row.ts';
import { toIso } from './ledger-time.ts';
import type { MarkedControl, RowEdit, RowMarks } from './row-marks.ts';
import type { Input, Queries } from '../store/statement.ts';

/** Actor of what the ledger does by itself. */
export const LEDGER_ACTOR = { kind: 'runner', name: 'operator' } as const;

/** The time of a transaction. */
export interface Now {
  /** Milliseconds since the epoch, in the ledger's time. */
  readonly now: number;
  readonly reading: TimeReading;
}

/** A transaction that reads: its rows, all of one instant. */
export interface Instant extends Now, Queries {}

/** A transaction that changes something: its instant, its place in the audit, its fences. */
export interface Transaction extends Instant {
  /** Writes an entry of the audit and returns its number. What looks like a secret does not reach it. */
  append(draft: AuditDraft): number;
  /** The number that the next entry will have. */
  readonly nextEntry: number;
  /** The rows of the run that is changed were edited before; `null` when they were not. */
  readonly edit: RowEdit | null;
  /** Sets the ledger's time to the machine's clock after this transaction. */
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

type Said = Omit<AuditContent, 'rows' | 'ledger'>;

/** A transaction that has begun. */
export class OpenRead implements Instant {
  readonly now: number;
  protected current: TimeReading;
  readonly #queries: Queries;

  constructor(queries: Queries, { now, reading }: Now) {
    this.#queries = queries;
    this.now = now;
    this.current = reading;
  }

  get reading(): TimeReading {
    return this.current;
  }

  get(sql: string, inputs: readonly Input[]): Promise<object | undefined> {
    return this.#queries.get(sql, inputs);
  }

  all(sql: string, inputs: readonly Input[]): Promise<object[]> {
    return this.#queries.all(sql, inputs);
  }

  run(sql: string, inputs: readonly Input[]): Promise<number> {
    return this.#queries.run(sql, inputs);
  }
}

/** A transaction that changes something: collects what it says, and links it when everything is done. */
export class OpenTransaction extends OpenRead implements Transaction {
  readonly #at: string;
  readonly #said: Said[] = [];
  readonly #ledgerId: string;
  #generation: number;
  #fence: number;
  #sequence: number;
  #head: string;

  constructor(queries: Queries, control: ControlRow, instant: Now) {
    super(queries, instant);
    const { now, reading } = instant;
    this.#at = toIso(now);
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

  get nextEntry(): number {
    return this.#sequence + 1;
  }

  append(draft: AuditDraft): number {
    const { actor, kind, runId = null, digest = null, reason = null } = draft;
    const details: JsonObject = redact(draft.details ?? {});
    const said = reason === null ? null : redactText(reason);
    const sequence = this.nextEntry;
    const at = this.#at;
    this.#said.push({ sequence, at, actor, kind, runId, digest, reason: said, details });
    this.#sequence = sequence;
    return sequence;
  }

  /** The entries, linked, the last of each run with the mark of its rows. */
  async link(marks: RowMarks): Promise<readonly AuditRow[]> {
    const lastOf = new Map(this.#said.map(({ runId, sequence }) => [runId, sequence]));
    const rows: AuditRow[] = [];
    for (const said of this.#said.splice(0)) {
      const { runId, sequence } = said;
      const isMarked = runId !== null && lastOf.get(runId) === sequence;
      const ofRun = isMarked ? await marks.ofRun(this, runId) : null;
      const isLast = sequence === this.#sequence;
      const ledger = isLast ? await marks.ofLedger(this, this.#marked()) : null;
      const row = linkEntry({ ...said, rows: ofRun, ledger }, this.#head);
      this.#head = row.hash;
      rows.push(row);
    }
    return rows;
  }

  #marked(): MarkedControl {
    const { epoch, jumpedMs, acceptedMs } = this.current;
    const [ledgerId, fence, generation] = [this.#ledgerId, this.#fence, this.#generation];
    return { ledgerId, fence, generation, epoch, jumpedMs, acceptedMs };
  }

  edit: RowEdit | null = null;

  /** The runs about which something was said, each once; `null` when nothing was said at all. */
  touched(): readonly string[] | null {
    if (this.#said.length === 0) return null;
    return [...new Set(this.#said.flatMap(({ runId }) => runId ?? []))];
  }

  /** Writes down that the rows of a run, or of the ledger itself, were edited, before the change at hand makes them a new state. */
  recordEdit(runId: string | null, edit: RowEdit): void {
    if (runId !== null) this.edit = edit;
    this.append({ actor: LEDGER_ACTOR, kind: 'rows_edited', runId, details: { ...edit } });
  }

  nextFence(): number {
    this.#fence += 1;
    return this.#fence;
  }

  acceptRollback(): void {
    this.#generation += 1;
  }

  acceptWall(): void {
    const { wall: at, monotonic, epoch, jumpedMs } = this.current;
    const anchor = { at, monotonic };
    this.current = { ...this.current, at, anchor, epoch: epoch + 1, acceptedMs: jumpedMs };
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
    const kept = this.current.kept ?? this.current;
    const { at, monotonic, boot, anchor, epoch, jumpedMs, acceptedMs } = kept;
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
