import type { TimeReading } from '../../../clock/advance-time.ts';
import { redact, redactText } from '../../../secrets/redact.ts';
import type { WitnessedEntry } from '../../witness.ts';
import type { AuditContent, AuditDraft } from './audit-chain.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';
import { chainOf } from './chain-row.ts';
import type { SystemColumns } from './chain-row.ts';
import { toTimeColumns } from './control-row.ts';
import type { Control } from './control-row.ts';
import { toIso } from './ledger-time.ts';
import { OpenChains } from './open-chains.ts';
import type { OpenChain } from './open-chains.ts';
import type { MarkedControl, RowEdit } from './row-marks.ts';
import type { RunChains } from './run-chains.ts';
import type { StoreOrder } from '../store/driver.ts';
import { Statement } from '../store/statement.ts';
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

/** A transaction that changes something: its instant, its entries in the audit, its fences. */
export interface Transaction extends Instant {
  /**
   * Writes an entry of the audit into the chain of the system of its run, or else into the root chain, and returns its
   * place there. Texts that look like secrets are redacted.
   */
  append(draft: AuditDraft): Promise<number>;
  /** The place that the next entry about a system will have in its chain. */
  nextPlace(system: SystemColumns): Promise<number>;
  /** The rows of the run that is changed were edited before; `null` when they were not. */
  readonly edit: RowEdit | null;
  /** Sets the ledger's time to the machine's clock after this transaction. */
  acceptWall(): void;
  /** Begins a new generation: witnesses of earlier generations may name lost entries. */
  acceptRollback(): Promise<void>;
  /** Next fence of the system: larger than every fence that an owner of one of its runs has. */
  nextFence(system: SystemColumns): Promise<number>;
}

/** Last entry of a chain of a ledger. */
export interface LedgerHead extends WitnessedEntry {
  readonly ledgerId: string;
}

/** Content of an entry that is not linked yet, and the chain and place in which it will be. */
export interface Said extends Omit<AuditContent, 'rows' | 'ledger' | 'fence' | 'heads' | 'chain'> {
  readonly chain: OpenChain;
}

/** A transaction that has begun. */
export class OpenRead implements Instant {
  readonly now: number;
  protected current: TimeReading;
  protected readonly queries: Queries;

  constructor(queries: Queries, { now, reading }: Now) {
    this.queries = queries;
    this.now = now;
    this.current = reading;
  }

  get reading(): TimeReading {
    return this.current;
  }

  get(sql: string, inputs: readonly Input[]): Promise<object | undefined> {
    return this.queries.get(sql, inputs);
  }

  all(sql: string, inputs: readonly Input[]): Promise<object[]> {
    return this.queries.all(sql, inputs);
  }

  run(sql: string, inputs: readonly Input[]): Promise<number> {
    return this.queries.run(sql, inputs);
  }
}

/** Parts of a transaction that come from its ledger. */
export interface TransactionParts {
  readonly control: Control;
  readonly order: StoreOrder;
  /** The chains that were locked before `control` was read. */
  readonly locked: readonly string[];
  readonly runs: RunChains;
}

/** Kinds of entries that name chains. Their names are not redacted: a redacted name would name another chain, or none. */
const OF_CHAINS: ReadonlySet<string> = new Set(['chain_opened', 'ledger_pruned', 'rows_edited']);

const SET_GENERATION = new Statement<never>('UPDATE control SET generation = ? WHERE id = 1');

/** A transaction that changes something. It collects its entries until all is written, and then they are linked. */
export class OpenTransaction extends OpenRead implements Transaction {
  readonly at: string;
  readonly chains: OpenChains;
  readonly #control: Control;
  readonly #order: StoreOrder;
  readonly #runs: RunChains;
  readonly #said: Said[] = [];
  readonly #last: number;
  #generation: number;
  edit: RowEdit | null = null;

  constructor(queries: Queries, parts: TransactionParts, instant: Now) {
    super(queries, instant);
    const { control, order } = parts;
    this.at = toIso(instant.now);
    this.chains = new OpenChains(queries, parts);
    this.#control = control;
    this.#order = order;
    this.#runs = parts.runs;
    this.#generation = control.generation;
    this.#last = Math.max(...[...control.chains.values()].map((row) => row.head_sequence));
  }

  /** Records that time jumped since the last transaction. */
  async recordJump(): Promise<void> {
    const { jumpMs } = this.current;
    if (jumpMs <= 0) return;
    const from = toIso(this.#control.time_at);
    const details = { from, to: this.at, jumpMs: Math.round(jumpMs) };
    await this.append({ actor: LEDGER_ACTOR, kind: 'time_jumped', details });
  }

  async append(draft: AuditDraft): Promise<number> {
    const { runId = null } = draft;
    const name = runId === null ? ROOT_CHAIN : await this.#runs.find(this.queries, runId);
    const chain = await this.chains.open(name);
    if (!chain.isOpened && name !== ROOT_CHAIN) await this.#announce(chain);
    chain.place += 1;
    this.#said.push(this.#say(draft, chain));
    return chain.place;
  }

  /** Records in the root chain that a chain begins, and its first hash. */
  async #announce(chain: OpenChain): Promise<void> {
    const { name, place: after, hash } = chain;
    chain.isOpened = true;
    const details = { chain: name, after, hash };
    await this.append({ actor: LEDGER_ACTOR, kind: 'chain_opened', details });
  }

  #say(draft: AuditDraft, chain: OpenChain): Said {
    const { actor, kind, runId = null, digest = null, reason = null } = draft;
    const details = OF_CHAINS.has(kind) ? (draft.details ?? {}) : redact(draft.details ?? {});
    const said = { actor, kind, runId, digest, details, at: this.at };
    const words = reason === null ? null : redactText(reason);
    return { ...said, reason: words, chain, place: chain.place, sequence: 0 };
  }

  /** True when a chain has an entry that is not linked yet. */
  hasSaidOf(name: string): boolean {
    return this.#said.some(({ chain }) => chain.name === name);
  }

  async nextPlace(system: SystemColumns): Promise<number> {
    return (await this.chains.open(chainOf(system))).place + 1;
  }

  /** The entries with their numbers. Call it once, after the last entry was added. */
  async takeSaid(): Promise<readonly Said[]> {
    const said = this.#said;
    if (said.length === 0) return said;
    const numbers = { count: said.length, last: this.#last };
    const first = await this.#order.take(this.queries, numbers);
    return said.map((one, index) => ({ ...one, sequence: first + index }));
  }

  /** Time of the last entry of the root chain, when this transaction began. */
  get rootAt(): number {
    return this.#control.root.head_at;
  }

  marked(): MarkedControl {
    const { epoch, jumpedMs, acceptedMs } = this.current;
    const { ledger_id: ledgerId, fence, chain_base: chainBase } = this.#control;
    const generation = this.#generation;
    return { ledgerId, fence, generation, epoch, jumpedMs, acceptedMs, chainBase };
  }

  /** The runs that entries name, each once; `null` when there is no entry. */
  touched(): readonly string[] | null {
    if (this.#said.length === 0) return null;
    return [...new Set(this.#said.flatMap(({ runId }) => runId ?? []))];
  }

  /** Records that rows of a run, of a chain or of the ledger were edited, before the present change makes them a new state. */
  async recordEdit(of: { runId?: string; chain?: string }, edit: RowEdit): Promise<void> {
    const { runId = null, chain } = of;
    if (runId !== null) this.edit = edit;
    const details = { ...edit, ...(chain === undefined ? {} : { chain }) };
    await this.append({ actor: LEDGER_ACTOR, kind: 'rows_edited', runId, details });
  }

  async nextFence(system: SystemColumns): Promise<number> {
    const chain = await this.chains.open(chainOf(system));
    chain.fence += 1;
    return chain.fence;
  }

  async acceptRollback(): Promise<void> {
    this.#generation += 1;
    await SET_GENERATION.run(this.queries, this.#generation);
  }

  acceptWall(): void {
    const { wall: at, monotonic, epoch, jumpedMs } = this.current;
    const anchor = { at, monotonic };
    this.current = { ...this.current, at, anchor, epoch: epoch + 1, acceptedMs: jumpedMs };
  }

  /** The ledger's facts about itself as this transaction leaves them. Call this when all is written. */
  after(): Control {
    const chains = this.chains.after();
    const time = toTimeColumns(this.current.kept ?? this.current);
    const root = chains.get(ROOT_CHAIN) ?? this.#control.root;
    return { ...this.#control, ...time, generation: this.#generation, chains, root };
  }
}

/** The last entry of every chain. */
export function headsOf({ ledger_id: ledgerId, generation, chains }: Control): LedgerHead[] {
  return [...chains.values()].map((row) => {
    const { name: chain, head_place: place, head_sequence: sequence, head_hash: hash } = row;
    return { ledgerId, generation, chain, place, sequence, hash };
  });
}
