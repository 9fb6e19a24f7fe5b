import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AnchorReport, AuditFault, AuditVerification, ChainHead } from '../../audit-log.ts';
import { createInterrupted, isAborted } from '../../../base/signals.ts';
import { formatAnchor } from './audit-anchor.ts';
import type { Anchor } from './audit-anchor.ts';
import { ChainCheck, createFault } from './chain-check.ts';
import { checkRootStart, checkSealed, checkStart, NO_OPENING } from './check-root-facts.ts';
import type { SealRow } from './check-root-facts.ts';
import { RootFacts } from './root-facts.ts';
import { AUDIT_COLUMNS } from '../transaction/audit-chain.ts';
import type { AuditRow } from '../transaction/audit-chain.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';
import type { ChainRow } from '../transaction/chain-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Control } from '../transaction/control-row.ts';
import type { Transactions } from '../transaction/transaction.ts';

/** Large enough to be quick, small enough to let others in the process go on. */
const PAGE = 2_000;

/** A page of a chain, with the rows of all chains at the same instant. */
interface Look {
  readonly rows: readonly AuditRow[];
  readonly control: Control;
  readonly seals: readonly SealRow[];
}

/** A chain that was read to its end, or to its first fault. */
interface Walked extends Pick<Look, 'control' | 'seals'> {
  readonly check: ChainCheck;
  readonly fault: AuditFault | null;
}

/** A prune ran meanwhile and removed the former beginnings. */
class BeginningMoved extends Error {}

/** Verifies all chains, from the first entry to the last. */
export class AuditVerifier {
  readonly #transactions: Transactions;
  readonly #page: Statement<AuditRow>;
  readonly #hashAt: Statement<{ hash: string }>;
  readonly #names: Statement<{ chain: string }>;
  readonly #sealed: Statement<SealRow>;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
    this.#page = new Statement(
      `SELECT ${AUDIT_COLUMNS} FROM audit WHERE chain = ? AND place > ? ORDER BY place LIMIT ${PAGE}`,
    );
    this.#hashAt = new Statement('SELECT hash FROM audit WHERE chain = ? AND place = ?');
    this.#sealed = new Statement('SELECT name, place, hash FROM chain_seal ORDER BY name');
    this.#names = new Statement('SELECT DISTINCT chain FROM audit ORDER BY chain');
  }

  async verify(
    anchors: readonly Anchor[],
    signal: AbortSignal | undefined,
  ): Promise<AuditVerification> {
    try {
      return await this.#verifyOnce(anchors, signal);
    } catch (error) {
      if (error instanceof BeginningMoved) return this.verify(anchors, signal);
      throw error;
    }
  }

  /** Verifies the root chain first: it records the names and beginnings of the others. */
  async #verifyOnce(
    anchors: readonly Anchor[],
    signal: AbortSignal | undefined,
  ): Promise<AuditVerification> {
    const begun = await this.#transactions.look((_queries, control) => control);
    const facts = new RootFacts();
    const root = await this.#walk(begun.root, { facts, signal });
    const checks = [root.check];
    let fault = root.fault ?? checkRootStart(root.control, facts);
    fault ??= await this.#checkNames(root.control, facts);
    fault ??= checkSealed(root.seals, facts);
    for (const row of systemsOf(root.control)) {
      if (fault !== null) break;
      const { check, fault: found } = await this.#walk(row, { facts: null, signal });
      checks.push(check);
      fault = found;
    }
    fault ??= await this.#checkSeals(signal);
    fault ??= await this.#checkAnchors(anchors);
    return toVerification(checks, { fault, anchors: await this.#report(anchors) });
  }

  async #walk(
    start: ChainRow,
    { facts, signal }: { facts: RootFacts | null; signal: AbortSignal | undefined },
  ): Promise<Walked> {
    const check = new ChainCheck(start);
    for (;;) {
      if (isAborted(signal)) throw createInterrupted('verifying the audit');
      const { rows, control, seals } = await this.#look(start.name, check.place);
      const row = control.chains.get(start.name);
      if (row?.start_place !== start.start_place) throw new BeginningMoved();
      for (const one of rows) {
        const content = check.take(one);
        if (content === null) return { check, control, seals, fault: check.fault };
        facts?.note(content);
      }
      if (rows.length === 0) return { check, control, seals, fault: check.checkEnd(row) };
      await nextTurn();
    }
  }

  async #look(chain: string, after: number): Promise<Look> {
    return this.#transactions.look(async (queries, control) => ({
      rows: await this.#page.all(queries, chain, after),
      // Only the root chain is compared with them.
      seals: chain === ROOT_CHAIN ? await this.#sealed.all(queries) : [],
      control,
    }));
  }

  /** Checks that the chains are those of the root chain, with the beginnings that it records. */
  async #checkNames(control: Control, facts: RootFacts): Promise<AuditFault | null> {
    const { chains } = control;
    for (const name of facts.names) {
      if (!chains.has(name)) {
        const place = (facts.beginningOf(name)?.place ?? 0) + 1;
        return createFault('cut', { chain: name, place }, 'is missing, with its whole chain');
      }
    }
    for (const row of systemsOf(control)) {
      const fault = checkStart(row, facts);
      if (fault !== null) return fault;
    }
    const written = await this.#transactions.look(async (queries) => this.#names.all(queries));
    const unknown = written.find(({ chain }) => !chains.has(chain));
    if (unknown === undefined) return null;
    const { chain } = unknown;
    // A chain that began after the root chain was read has a row by now.
    const now = await this.#transactions.look((_queries, later) => later.chains);
    return now.has(chain) ? null : createFault('unopened', { chain, place: 1 }, NO_OPENING);
  }

  /** Checks that every head that the root chain has sealed is in its chain. */
  async #checkSeals(signal: AbortSignal | undefined): Promise<AuditFault | null> {
    const seals = new Statement<{ place: number; heads: string }>(
      `SELECT place, MEMBER(entry, 'heads') AS heads FROM audit
       WHERE chain = '${ROOT_CHAIN}' AND place > ? AND MEMBER(entry, 'heads') IS NOT NULL
       ORDER BY place LIMIT ${PAGE}`,
    );
    for (let after = 0; ;) {
      if (isAborted(signal)) throw createInterrupted('verifying the audit');
      const found = await this.#transactions.look(async (queries, control) => {
        const page = await seals.all(queries, after);
        after = page.at(-1)?.place ?? after;
        const heads = page.flatMap((seal) => toHeads(seal.heads));
        const fault = await this.#checkHeads(queries, {
          control,
          heads,
          by: 'a seal of the root chain',
        });
        return { isLast: page.length < PAGE, fault };
      });
      if (found.fault !== null || found.isLast) return found.fault;
      await nextTurn();
    }
  }

  async #checkAnchors(anchors: readonly Anchor[]): Promise<AuditFault | null> {
    return this.#transactions.look(async (queries, control) => {
      const heads = anchors
        .filter(({ ledgerId }) => ledgerId === control.ledger_id)
        .flatMap((anchor) => [...anchor.heads]);
      return this.#checkHeads(queries, { control, heads, by: 'an anchor' });
    });
  }

  async #checkHeads(
    queries: Queries,
    known: { control: Control; heads: readonly Head[]; by: string },
  ): Promise<AuditFault | null> {
    const { control, heads, by } = known;
    for (const [chain, { place, hash }] of heads) {
      const row = control.chains.get(chain);
      // This entry was pruned.
      if (row !== undefined && place < row.start_place) continue;
      const isStart = row?.start_place === place;
      const found = isStart
        ? row.start_hash
        : (await this.#hashAt.get(queries, chain, place))?.hash;
      if (found === hash) continue;
      return found === undefined
        ? createFault('cut', { chain, place }, `is in ${by} and is missing`)
        : createFault('changed', { chain, place }, `is not the one in ${by}`);
    }
    return null;
  }

  async #report(anchors: readonly Anchor[]): Promise<AnchorReport> {
    const control = await this.#transactions.look((_queries, now) => now);
    const skipped = anchors.flatMap((anchor) => {
      const because = whySkipped(anchor, control);
      return because === null ? [] : [{ anchor: formatAnchor(anchor), because }];
    });
    const given = anchors.length;
    return { given, compared: given - skipped.length, skipped };
  }
}

type Head = readonly [chain: string, head: ChainHead];

function toHeads(text: string): readonly Head[] {
  // Written by the linker, and its hash is checked.
  return Object.entries(JSON.parse(text) as Record<string, ChainHead>);
}

function systemsOf({ chains }: Control): readonly ChainRow[] {
  const rows = [...chains.values()].filter(({ name }) => name !== ROOT_CHAIN);
  return rows.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function whySkipped(anchor: Anchor, control: Control): 'pruned' | 'other_ledger' | null {
  if (anchor.ledgerId !== control.ledger_id) return 'other_ledger';
  // The entry is gone, and any user who knows its hash can make a beginning with that hash.
  const isPruned = [...anchor.heads].some(([chain, { place }]) => {
    return place <= (control.chains.get(chain)?.start_place ?? 0);
  });
  return isPruned ? 'pruned' : null;
}

function toVerification(
  checks: readonly ChainCheck[],
  { fault, anchors }: Pick<AuditVerification, 'fault' | 'anchors'>,
): AuditVerification {
  const chains = checks.map(({ verified }) => verified);
  const numbers = checks.flatMap((check) => check.numbers ?? []);
  return {
    isIntact: fault === null,
    entries: chains.reduce((sum, { entries }) => sum + entries, 0),
    first: numbers.length === 0 ? 0 : Math.min(...numbers.map(({ first }) => first)),
    last: Math.max(0, ...numbers.map(({ last }) => last)),
    chains,
    fault,
    anchors,
  };
}
