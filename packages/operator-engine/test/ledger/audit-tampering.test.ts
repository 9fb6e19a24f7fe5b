import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { AuditFault, AuditVerification } from '../../src/ledger/audit-log.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { chainHash } from '../../src/ledger/rules/transaction/audit-chain.ts';
import type { AuditRow } from '../../src/ledger/rules/transaction/audit-chain.ts';
import { failureOf } from '../support/errors.ts';
import { Desk } from '../../src/ledger-suite/ledger-check.ts';
import { ann } from '../../src/ledger-suite/plans.ts';
import { temporaryLedger } from './temporary.ts';

/** Edits that a user with the file and an SQL prompt can make. */
interface Tampering {
  readonly title: string;
  readonly found: AuditFault['found'];
  /** Number of the entry at which it must show. */
  readonly at: number;
  tamper(raw: Tamperer): void;
}

class Tamperer {
  readonly #raw: DatabaseSync;

  constructor(file: string) {
    this.#raw = new DatabaseSync(file);
  }

  get last(): number {
    return this.rows().at(-1)?.sequence ?? 0;
  }

  rows(): AuditRow[] {
    const sql = 'SELECT sequence, entry, previous, hash FROM audit ORDER BY sequence';
    return this.#raw.prepare(sql).all() as unknown as AuditRow[];
  }

  row(sequence: number): AuditRow {
    const row = this.rows().find((candidate) => candidate.sequence === sequence);
    if (row === undefined) throw new Error(`there is no entry ${sequence}`);
    return row;
  }

  write({ sequence, entry, previous, hash }: AuditRow): void {
    this.#raw
      .prepare('INSERT OR REPLACE INTO audit (sequence, entry, previous, hash) VALUES (?, ?, ?, ?)')
      .run(sequence, entry, previous, hash);
  }

  run(sql: string): void {
    this.#raw.exec(sql);
  }

  /** Rebuilds all hashes from an entry on, as an attacker who knows the format would. */
  chainAnewFrom(sequence: number): void {
    let previous = this.row(sequence - 1).hash;
    for (const row of this.rows().slice(sequence - 1)) {
      const hash = chainHash(previous, row.entry);
      this.write({ ...row, previous, hash });
      previous = hash;
    }
    this.setHead(this.last, previous);
  }

  setHead(sequence: number, hash: string): void {
    const sql = 'UPDATE control SET head_sequence = ?, head_hash = ?';
    this.#raw.prepare(sql).run(sequence, hash);
  }

  close(): void {
    this.#raw.close();
  }
}

const changedText = (row: AuditRow): AuditRow => {
  return { ...row, entry: row.entry.replace('"ann"', '"eve"') };
};

const SHOWS_BY_ITSELF: readonly Tampering[] = [
  {
    title: 'an entry that was changed',
    found: 'changed',
    at: 5,
    tamper: (raw) => raw.write(changedText(raw.row(5))),
  },
  {
    title: 'an entry whose hash was changed',
    found: 'changed',
    at: 5,
    tamper: (raw) => raw.write({ ...raw.row(5), hash: 'f'.repeat(64) }),
  },
  {
    title: 'an entry that was changed and hashed anew',
    found: 'unlinked',
    at: 6,
    tamper: (raw) => {
      const row = changedText(raw.row(5));
      raw.write({ ...row, hash: chainHash(row.previous, row.entry) });
    },
  },
  {
    title: 'an entry that was removed',
    found: 'removed',
    at: 5,
    tamper: (raw) => raw.run('DELETE FROM audit WHERE sequence = 5'),
  },
  {
    title: 'entries that were removed, with the others moved up',
    found: 'misplaced',
    at: 5,
    tamper: (raw) => {
      raw.run('DELETE FROM audit WHERE sequence IN (5, 6)');
      for (const row of raw.rows().filter(({ sequence }) => sequence > 6)) {
        raw.run(`UPDATE audit SET sequence = ${row.sequence - 2} WHERE sequence = ${row.sequence}`);
      }
    },
  },
  {
    title: 'two entries that were swapped',
    found: 'misplaced',
    at: 5,
    tamper: (raw) => {
      const [a, b] = [raw.row(5), raw.row(6)];
      raw.write({ ...b, sequence: 5 });
      raw.write({ ...a, sequence: 6 });
    },
  },
  {
    title: 'an entry that was put in between',
    found: 'misplaced',
    at: 6,
    tamper: (raw) => {
      const before = raw.row(4);
      for (const row of raw.rows().toReversed()) {
        if (row.sequence < 5) break;
        raw.run(`UPDATE audit SET sequence = ${row.sequence + 1} WHERE sequence = ${row.sequence}`);
      }
      const entry = before.entry.replace('"sequence":4', '"sequence":5');
      const hash = chainHash(before.hash, entry);
      raw.write({ sequence: 5, entry, previous: before.hash, hash });
    },
  },
  {
    title: 'an entry that no ledger wrote, at the end',
    found: 'misplaced',
    at: 10,
    tamper: (raw) => {
      const last = raw.row(9);
      const entry = last.entry.replace('"sequence":9', '"sequence":10');
      const hash = chainHash(last.hash, entry);
      raw.write({ sequence: 10, entry, previous: last.hash, hash });
    },
  },
  {
    title: 'an entry with the number of another, and what knows of it',
    found: 'misplaced',
    at: 10,
    tamper: (raw) => {
      const last = raw.row(9);
      const hash = chainHash(last.hash, last.entry);
      raw.write({ sequence: 10, entry: last.entry, previous: last.hash, hash });
      raw.setHead(10, hash);
    },
  },
  {
    title: 'an end that was cut off',
    found: 'cut',
    at: 8,
    tamper: (raw) => raw.run('DELETE FROM audit WHERE sequence >= 8'),
  },
  {
    title: 'a beginning that was taken away',
    found: 'removed',
    at: 1,
    tamper: (raw) => raw.run('DELETE FROM audit WHERE sequence <= 3'),
  },
  {
    title: 'a beginning that was taken away as if it had been pruned',
    found: 'removed',
    at: 1,
    tamper: (raw) => {
      const { hash } = raw.row(3);
      raw.run('DELETE FROM audit WHERE sequence <= 3');
      raw.run(`UPDATE control SET start_sequence = 3, start_hash = '${hash}'`);
    },
  },
  {
    title: 'everything gone',
    found: 'cut',
    at: 1,
    tamper: (raw) => raw.run('DELETE FROM audit'),
  },
];

/** Nothing in the file can show these: only a line that was kept elsewhere. */
const SHOWS_BY_ANCHOR: readonly Tampering[] = [
  {
    title: 'an end that was cut off, and what knew of it',
    found: 'cut',
    at: 9,
    tamper: (raw) => {
      raw.run('DELETE FROM audit WHERE sequence >= 8');
      raw.setHead(7, raw.row(7).hash);
    },
  },
  {
    title: 'an entry that was changed, and everything after it hashed anew',
    found: 'changed',
    at: 9,
    tamper: (raw) => {
      raw.write(changedText(raw.row(5)));
      raw.chainAnewFrom(5);
    },
  },
];

async function play(
  tampering: Tampering,
): Promise<{ alone: AuditVerification; anchored: AuditVerification }> {
  const path = temporaryLedger();
  const desk = await Desk.open((options) => openLedger({ path, ...options }));
  await desk.ended('succeeded');
  await desk.ledger.mode.set('guarded', { by: ann, reason: 'careful' });
  const anchor = await desk.ledger.audit.anchor();
  await desk.close();
  const raw = new Tamperer(path);
  expect(raw.last).toBe(9);
  tampering.tamper(raw);
  raw.close();
  const ledger = await openLedger({ path, clock: desk.clock });
  const alone = await ledger.audit.verify();
  const anchored = await ledger.audit.verify({ anchors: [anchor] });
  await ledger.close();
  return { alone, anchored };
}

describe('verifying the audit finds', () => {
  it.each(SHOWS_BY_ITSELF)('$title', async (tampering) => {
    const { alone } = await play(tampering);
    const { found, at: sequence } = tampering;
    expect(alone).toMatchObject({ isIntact: false, fault: { found, sequence } });
    expect(alone.fault?.message).toContain(`Entry ${sequence} `);
  });

  it.each(SHOWS_BY_ANCHOR)('$title, with an anchor', async (tampering) => {
    const { alone, anchored } = await play(tampering);
    const { found, at: sequence } = tampering;
    expect(alone.isIntact).toBe(true);
    expect(anchored).toMatchObject({ isIntact: false, fault: { found, sequence } });
  });
});

describe('a tampered ledger', () => {
  it('is unsound, and goes on to be found out after more was written', async () => {
    const path = temporaryLedger();
    const desk = await Desk.open((options) => openLedger({ path, ...options }));
    await desk.ended('succeeded');
    const raw = new Tamperer(path);
    raw.write(changedText(raw.row(4)));
    raw.close();
    await desk.ended('succeeded');
    const report = await desk.ledger.maintenance.check();
    expect(report).toMatchObject({ isSound: false, audit: { fault: { sequence: 4 } } });
    const pruning = desk.ledger.maintenance.prune('2030-01-01T00:00:00Z', ann);
    expect((await failureOf(pruning)).code, 'evidence stays').toBe('LEDGER_CORRUPT');
    expect(await desk.ledger.runs.list()).toHaveLength(2);
    await desk.close();
  });

  it('finds a fault on every page of a long chain', async () => {
    const path = temporaryLedger();
    const desk = await Desk.open((options) => openLedger({ path, ...options }));
    const refusal = { actor: ann, reason: 'no', details: {} };
    for (let entry = 0; entry < 4_010; entry += 1) await desk.ledger.audit.recordRefusal(refusal);
    expect(await desk.ledger.audit.verify()).toMatchObject({ isIntact: true, last: 4_011 });
    const raw = new Tamperer(path);
    const whole = [1_999, 2_000, 2_001, 4_000, 4_001, 4_011].map((place) => raw.row(place));
    for (const row of whole) {
      raw.write(changedText(row));
      const { fault } = await desk.ledger.audit.verify();
      expect(fault).toMatchObject({ found: 'changed', sequence: row.sequence });
      raw.write(row);
    }
    expect((await desk.ledger.audit.verify()).isIntact).toBe(true);
    raw.close();
    await desk.close();
  }, 120_000);
});
