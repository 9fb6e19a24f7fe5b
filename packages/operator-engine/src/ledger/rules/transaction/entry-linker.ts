import { linkEntry } from './audit-chain.ts';
import type { AuditContent } from './audit-chain.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';
import type { OpenChain } from './open-chains.ts';
import { LEDGER_ACTOR } from './open-transaction.ts';
import type { OpenTransaction, Said } from './open-transaction.ts';
import type { RowMarks } from './row-marks.ts';
import { Statement } from '../store/statement.ts';
import { isApart } from './two-clocks.ts';

/** Age of the last entry of the root chain from which the next entry or heartbeat adds a seal. */
const SEAL_AFTER_MS = 60_000;

/** Head of a chain that the root chain has not sealed yet. */
interface Head {
  readonly name: string;
  readonly place: number;
  readonly hash: string;
}

type Marks = Pick<AuditContent, 'ledger' | 'fence' | 'heads'>;

const UNMARKED: Marks = { ledger: null, fence: null, heads: null };

/** Links the entries of a transaction and writes them, after all their rows are written. */
export class EntryLinker {
  readonly #marks: RowMarks;
  readonly #insert: Statement<never>;
  readonly #begin: Statement<never>;
  readonly #keep: Statement<never>;
  readonly #unsealed: Statement<Head>;
  readonly #seal: Statement<never>;

  constructor(marks: RowMarks) {
    this.#marks = marks;
    this.#insert = new Statement(
      'INSERT INTO audit (sequence, chain, place, entry, previous, hash) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#begin = new Statement(
      `INSERT INTO chain (head_place, head_hash, head_sequence, head_at, fence, name, start_place, start_hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#keep = new Statement(
      `UPDATE chain SET head_place = ?, head_hash = ?, head_sequence = ?, head_at = ?, fence = ?
       WHERE name = ?`,
    );
    this.#unsealed = new Statement(
      `SELECT chain.name AS name, chain.head_place AS place, chain.head_hash AS hash
       FROM chain LEFT JOIN chain_seal AS seal ON seal.name = chain.name
       WHERE chain.name <> '${ROOT_CHAIN}' AND (seal.place IS NULL OR seal.place <> chain.head_place
         OR seal.hash <> chain.head_hash) ORDER BY chain.name`,
    );
    this.#seal = new Statement(
      `INSERT INTO chain_seal (name, place, hash) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET place = excluded.place, hash = excluded.hash`,
    );
  }

  /** Writes the entries, those of the root chain last: they seal the new heads of the others. */
  async write(open: OpenTransaction): Promise<void> {
    const said = await open.takeSaid();
    if (said.length === 0) return;
    const ofSystems = said.filter(({ chain }) => chain.name !== ROOT_CHAIN);
    await this.#link(open, ofSystems, []);
    const ofRoot = said.filter(({ chain }) => chain.name === ROOT_CHAIN);
    if (ofRoot.length > 0) await this.#link(open, ofRoot, await this.#sealAll(open));
  }

  /**
   * Adds a seal where a head has moved and the last entry of the root chain is a minute old. Call this before the
   * ledger's own rows are compared: the entry gets their mark.
   */
  async sealIfDue(open: OpenTransaction): Promise<void> {
    if (!isDue(open.now, open.rootAt) || open.hasSaidOf(ROOT_CHAIN)) return;
    if (open.touched() === null) {
      // A heartbeat must not write an entry with an edited time of the ledger.
      if (isApart(open) || (await this.#unsealed.get(open)) === undefined) return;
    }
    // Another transaction may have been faster.
    if (!isDue(open.now, (await open.chains.open(ROOT_CHAIN)).at)) return;
    await open.append({ actor: LEDGER_ACTOR, kind: 'chains_sealed' });
  }

  async #sealAll(open: OpenTransaction): Promise<readonly Head[]> {
    const heads = await this.#unsealed.all(open);
    for (const { name, place, hash } of heads) await this.#seal.run(open, name, place, hash);
    return heads;
  }

  /** Links entries of one or several chains, in their order. `heads`: sealed by the last entry of the root chain. */
  async #link(
    open: OpenTransaction,
    entries: readonly Said[],
    heads: readonly Head[],
  ): Promise<void> {
    const lastOfRun = new Map(entries.map((said) => [said.runId, said]));
    const lastOfChain = new Map(entries.map((said) => [said.chain, said]));
    for (const said of entries) {
      const { runId, chain } = said;
      const isMarked = runId !== null && lastOfRun.get(runId) === said;
      const rows = isMarked ? await this.#marks.ofRun(open, runId) : null;
      const isLast = lastOfChain.get(chain) === said;
      const marks = isLast ? await this.#markEnd(open, chain, heads) : UNMARKED;
      await this.#write(open, said, { rows, ...marks });
      if (isLast) await this.#keepHead(open, chain);
    }
  }

  /** The marks of the last entry that a transaction writes into a chain. */
  async #markEnd(open: OpenTransaction, chain: OpenChain, heads: readonly Head[]): Promise<Marks> {
    if (chain.name !== ROOT_CHAIN) return { ...UNMARKED, fence: chain.fence };
    const ledger = await this.#marks.ofLedger(open, open.marked());
    const sealed = heads.map(({ name, place, hash }) => [name, { place, hash }] as const);
    return { ledger, fence: null, heads: sealed.length === 0 ? null : Object.fromEntries(sealed) };
  }

  async #write(
    open: OpenTransaction,
    said: Said,
    marks: Marks & Pick<AuditContent, 'rows'>,
  ): Promise<void> {
    const { chain } = said;
    const row = linkEntry({ ...said, ...marks, chain: chain.name }, chain.hash);
    const { sequence, place, entry, previous, hash } = row;
    await this.#insert.run(open, sequence, chain.name, place, entry, previous, hash);
    chain.hash = hash;
    chain.sequence = sequence;
    chain.at = open.now;
  }

  async #keepHead(open: OpenTransaction, chain: OpenChain): Promise<void> {
    const { name, place, hash, sequence, at, fence, start } = chain;
    const head = [place, hash, sequence, at, fence, name] as const;
    if (chain.isNew) await this.#begin.run(open, ...head, start.place, start.hash);
    else await this.#keep.run(open, ...head);
    open.chains.keep(chain);
  }
}

function isDue(now: number, sealedAt: number): boolean {
  // The owner may have set the time back.
  return now - sealedAt > SEAL_AFTER_MS || now < sealedAt;
}
