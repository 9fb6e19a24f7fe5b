import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AnchorReport, AuditFault, AuditVerification } from '../../audit-log.ts';
import { createInterrupted, isAborted } from '../../../base/signals.ts';
import { formatAnchor } from './audit-anchor.ts';
import type { Anchor } from './audit-anchor.ts';
import { chainHash, standsAtItsPlace } from '../transaction/audit-chain.ts';
import type { AuditRow } from '../transaction/audit-chain.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { ControlRow } from '../transaction/control-row.ts';
import type { Transactions } from '../transaction/transaction.ts';

/** Large enough to be quick, small enough to let others in the process go on. */
const PAGE = 2_000;

/** Reads the whole chain again. */
export class AuditVerifier {
  readonly #transactions: Transactions;
  readonly #page: Statement<AuditRow>;
  readonly #pruned: Statement<{ through: number | string | null; hash: string | null }>;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
    this.#page = new Statement(
      `SELECT sequence, entry, previous, hash FROM audit WHERE sequence > ?
       ORDER BY sequence LIMIT ${PAGE}`,
    );
    this.#pruned = new Statement(
      `SELECT MEMBER(entry, 'details.through') AS through, MEMBER(entry, 'details.hash') AS hash
       FROM audit WHERE kind = 'ledger_pruned' ORDER BY sequence DESC LIMIT 1`,
    );
  }

  async verify(
    anchors: readonly Anchor[],
    signal: AbortSignal | undefined,
  ): Promise<AuditVerification> {
    const begun = await this.#transactions.read(async (transaction) =>
      this.#transactions.control(transaction),
    );
    const check = new ChainCheck(begun, anchors);
    for (;;) {
      if (isAborted(signal)) throw createInterrupted('verifying the audit');
      const look = await this.#transactions.read(async (transaction) =>
        this.#look(transaction, check.last),
      );
      // A prune ran meanwhile: the former beginning is gone.
      if (look.control.start_sequence !== begun.start_sequence) return this.verify(anchors, signal);
      if (look.rows.length === 0) return check.end(look);
      if (look.rows.some((row) => !check.take(row))) return check.end(look);
      await nextTurn();
    }
  }

  async #look(transaction: Queries, after: number): Promise<Look> {
    const rows = await this.#page.all(transaction, after);
    return {
      rows,
      control: await this.#transactions.control(transaction),
      pruned: await this.#pruned.get(transaction),
    };
  }
}

interface Look {
  readonly rows: readonly AuditRow[];
  readonly control: ControlRow;
  readonly pruned: { through: number | string | null; hash: string | null } | undefined;
}

/** Check of the chain, and its progress. */
class ChainCheck {
  readonly #start: ControlRow;
  readonly #anchors: readonly Anchor[];
  readonly #hashes = new Map<number, string>();
  readonly #anchored: ReadonlySet<number>;
  #last: number;
  #head: string;
  #fault: AuditFault | null = null;

  constructor(control: ControlRow, anchors: readonly Anchor[]) {
    this.#start = control;
    this.#anchors = anchors;
    this.#anchored = new Set(anchors.map(({ sequence }) => sequence));
    this.#last = control.start_sequence;
    this.#head = control.start_hash;
    this.#keep(this.#last);
  }

  get last(): number {
    return this.#last;
  }

  /** True when the row is the expected next one. */
  take(row: AuditRow): boolean {
    const expected = this.#last + 1;
    const own = chainHash(row.previous, row.entry);
    if (row.sequence !== expected || own !== row.hash || row.previous !== this.#head) {
      this.#fault = faultOf(row, { expected, own, head: this.#head });
      return false;
    }
    if (!standsAtItsPlace(row)) {
      this.#fault = createFault('misplaced', expected, 'was written at another place');
      return false;
    }
    this.#last = row.sequence;
    this.#head = row.hash;
    this.#keep(row.sequence);
    return true;
  }

  end(look: Look): AuditVerification {
    this.#fault ??= this.#checkStart(look) ?? this.#checkEnd(look.control) ?? this.#checkAnchors();
    const first = this.#start.start_sequence + 1;
    return {
      isIntact: this.#fault === null,
      entries: this.#last - first + 1,
      first,
      last: this.#last,
      head: this.#head,
      fault: this.#fault,
      anchors: this.#report(),
    };
  }

  #report(): AnchorReport {
    const skipped = this.#anchors.flatMap((anchor) => {
      const because = this.#whySkipped(anchor);
      return because === null ? [] : [{ anchor: formatAnchor(anchor), because }];
    });
    const given = this.#anchors.length;
    return { given, compared: given - skipped.length, skipped };
  }

  #whySkipped({ ledgerId, sequence }: Anchor): 'pruned' | 'other_ledger' | null {
    if (ledgerId !== this.#start.ledger_id) return 'other_ledger';
    // Its hash is in the chain that follows, but what it was made of is gone.
    return sequence < this.#start.start_sequence ? 'pruned' : null;
  }

  #keep(sequence: number): void {
    if (this.#anchored.has(sequence)) this.#hashes.set(sequence, this.#head);
  }

  /** A beginning that is missing must have been pruned, and signed off by an entry of this chain. */
  #checkStart({ pruned }: Look): AuditFault | null {
    const { start_sequence: through, start_hash: hash } = this.#start;
    if (through === 0) return null;
    if (Number(pruned?.through) === through && pruned?.hash === hash) return null;
    return createFault('removed', 1, `up to ${through} is missing, and no entry says why`);
  }

  #checkEnd({ head_sequence: sequence, head_hash: hash }: ControlRow): AuditFault | null {
    if (this.#last === sequence && this.#head === hash) return null;
    if (this.#last >= sequence) {
      return createFault('misplaced', this.#last, 'was not written by a ledger');
    }
    return createFault('cut', this.#last + 1, `up to ${sequence} was there and is gone`);
  }

  #checkAnchors(): AuditFault | null {
    for (const anchor of this.#anchors) {
      if (this.#whySkipped(anchor) !== null) continue;
      const { sequence, hash } = anchor;
      const found = this.#hashes.get(sequence);
      if (found === hash) continue;
      return found === undefined
        ? createFault('cut', sequence, 'is known by an anchor and is gone')
        : createFault('changed', sequence, 'is not the one that an anchor knows');
    }
    return null;
  }
}

function faultOf(row: AuditRow, seen: { expected: number; own: string; head: string }): AuditFault {
  const { expected, own } = seen;
  if (row.sequence > expected && standsAtItsPlace(row)) {
    const gap = row.sequence - 1;
    const which = gap === expected ? 'is missing' : `up to ${gap} are missing`;
    return createFault('removed', expected, which);
  }
  if (!standsAtItsPlace(row)) {
    return createFault('misplaced', row.sequence, 'was written at another place');
  }
  if (own !== row.hash) {
    return createFault('changed', row.sequence, 'is not what its hash was made of');
  }
  return createFault('unlinked', row.sequence, 'does not follow the entry before it');
}

function createFault(found: AuditFault['found'], sequence: number, what: string): AuditFault {
  return { found, sequence, message: `Entry ${sequence} ${what}.` };
}
