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
  /** The chain and the place in it at which it must show. Default of the chain: the one of the system. */
  readonly chain?: string;
  readonly at: number;
  tamper(raw: Tamperer): void;
}

const SYSTEM = 'lamp-house:one';
const LAST = 7;

class Tamperer {
  readonly #raw: DatabaseSync;

  constructor(file: string) {
    this.#raw = new DatabaseSync(file);
  }

  rows(chain = SYSTEM): AuditRow[] {
    const sql = `SELECT sequence, chain, place, entry, previous, hash FROM audit
      WHERE chain = ? ORDER BY place`;
    return this.#raw.prepare(sql).all(chain) as unknown as AuditRow[];
  }

  row(place: number, chain = SYSTEM): AuditRow {
    const row = this.rows(chain).find((candidate) => candidate.place === place);
    if (row === undefined) throw new Error(`there is no entry ${place}`);
    return row;
  }

  write({ sequence, chain, place, entry, previous, hash }: AuditRow): void {
    this.#raw
      .prepare(
        `INSERT OR REPLACE INTO audit (sequence, chain, place, entry, previous, hash)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(sequence, chain, place, entry, previous, hash);
  }

  run(sql: string): void {
    this.#raw.exec(sql);
  }

  /** Builds all hashes again from a place on, as an attacker who knows the format would. */
  linkAgainFrom(place: number, chain = SYSTEM): void {
    let previous = this.row(place - 1, chain).hash;
    for (const row of this.rows(chain).slice(place - 1)) {
      const hash = chainHash(previous, row.entry);
      this.write({ ...row, previous, hash });
      previous = hash;
    }
    this.setHead(chain);
  }

  /** Makes the row of a chain agree with the last entry that is there. */
  setHead(chain = SYSTEM): void {
    const last = this.rows(chain).at(-1);
    if (last === undefined) throw new Error(`${chain} has no entry`);
    const { at } = JSON.parse(last.entry) as { at: string };
    this.#raw
      .prepare(
        `UPDATE chain SET head_place = ?, head_hash = ?, head_sequence = ?, head_at = ?
         WHERE name = ?`,
      )
      .run(last.place, last.hash, last.sequence, Date.parse(at), chain);
  }

  /** Makes the row that keeps what the root chain has sealed agree with an entry that is there. */
  sealAgain(place: number): void {
    const { hash } = this.row(place);
    this.#raw.prepare('UPDATE chain_seal SET place = ?, hash = ?').run(place, hash);
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
    title: 'a seal that was hidden from the next one',
    found: 'altered',
    at: LAST,
    tamper: (raw) => raw.run('DELETE FROM chain_seal'),
  },
  {
    title: 'an entry that was changed',
    found: 'changed',
    at: 4,
    tamper: (raw) => raw.write(changedText(raw.row(4))),
  },
  {
    title: 'an entry whose hash was changed',
    found: 'changed',
    at: 4,
    tamper: (raw) => raw.write({ ...raw.row(4), hash: 'f'.repeat(64) }),
  },
  {
    title: 'an entry that was changed and hashed again',
    found: 'unlinked',
    at: 5,
    tamper: (raw) => {
      const row = changedText(raw.row(4));
      raw.write({ ...row, hash: chainHash(row.previous, row.entry) });
    },
  },
  {
    title: 'an entry that was removed',
    found: 'removed',
    at: 4,
    tamper: (raw) => raw.run(`DELETE FROM audit WHERE chain = '${SYSTEM}' AND place = 4`),
  },
  {
    title: 'entries that were removed, with the others moved up',
    found: 'misplaced',
    at: 4,
    tamper: (raw) => {
      raw.run(`DELETE FROM audit WHERE chain = '${SYSTEM}' AND place IN (4, 5)`);
      for (const { place, sequence } of raw.rows().filter((row) => row.place > 5)) {
        raw.run(`UPDATE audit SET place = ${place - 2} WHERE sequence = ${sequence}`);
      }
    },
  },
  {
    title: 'two entries that were swapped',
    found: 'misplaced',
    at: 4,
    tamper: (raw) => {
      const [a, b] = [raw.row(4), raw.row(5)];
      raw.write({ ...b, sequence: a.sequence, place: 4 });
      raw.write({ ...a, sequence: b.sequence, place: 5 });
    },
  },
  {
    title: 'two entries whose numbers in the whole ledger were swapped',
    found: 'misplaced',
    at: 4,
    tamper: (raw) => {
      const [a, b] = [raw.row(4), raw.row(5)];
      raw.run(`DELETE FROM audit WHERE sequence IN (${a.sequence}, ${b.sequence})`);
      raw.write({ ...a, sequence: b.sequence });
      raw.write({ ...b, sequence: a.sequence });
    },
  },
  {
    title: 'an entry that was put in between',
    found: 'misplaced',
    at: 5,
    tamper: (raw) => {
      const before = raw.row(3);
      for (const { place, sequence } of raw.rows().toReversed()) {
        if (place < 4) break;
        raw.run(`UPDATE audit SET place = ${place + 1} WHERE sequence = ${sequence}`);
      }
      const entry = before.entry
        .replace('"place":3', '"place":4')
        .replace(`"sequence":${before.sequence}`, '"sequence":99');
      const hash = chainHash(before.hash, entry);
      raw.write({ ...before, sequence: 99, place: 4, entry, previous: before.hash, hash });
    },
  },
  {
    title: 'an entry that no ledger wrote, at the end',
    found: 'misplaced',
    at: LAST + 1,
    tamper: (raw) => raw.write(addedAfter(raw.row(LAST))),
  },
  {
    title: 'an entry with the place of another, and what knows of it',
    found: 'misplaced',
    at: LAST + 1,
    tamper: (raw) => {
      const last = raw.row(LAST);
      const hash = chainHash(last.hash, last.entry);
      raw.write({ ...last, sequence: 99, place: LAST + 1, previous: last.hash, hash });
      raw.setHead();
    },
  },
  {
    title: 'an entry that was moved to another chain',
    found: 'misplaced',
    at: 99,
    tamper: (raw) => {
      const { sequence } = raw.row(4);
      raw.run(`UPDATE audit SET chain = 'root', place = 99 WHERE sequence = ${sequence}`);
    },
    chain: 'root',
  },
  {
    title: 'an end that was cut off',
    found: 'cut',
    at: 6,
    tamper: (raw) => raw.run(`DELETE FROM audit WHERE chain = '${SYSTEM}' AND place >= 6`),
  },
  {
    title: 'an end that was cut off, and what knew of it, where the root chain has sealed it',
    found: 'cut',
    at: LAST,
    tamper: (raw) => {
      raw.run(`DELETE FROM audit WHERE chain = '${SYSTEM}' AND place >= 6`);
      raw.setHead();
    },
  },
  {
    title: 'an entry that was changed, and everything after it in its chain hashed again',
    found: 'changed',
    at: LAST,
    tamper: (raw) => {
      raw.write(changedText(raw.row(4)));
      raw.linkAgainFrom(4);
    },
  },
  {
    title: 'a beginning that was taken away',
    found: 'removed',
    at: 1,
    tamper: (raw) => raw.run(`DELETE FROM audit WHERE chain = '${SYSTEM}' AND place <= 3`),
  },
  {
    title: 'a beginning that was taken away as if it had been pruned',
    found: 'removed',
    at: 1,
    tamper: (raw) => {
      const { hash } = raw.row(3);
      raw.run(`DELETE FROM audit WHERE chain = '${SYSTEM}' AND place <= 3`);
      raw.run(`UPDATE chain SET start_place = 3, start_hash = '${hash}' WHERE name = '${SYSTEM}'`);
    },
  },
  {
    title: 'a beginning of the root chain that was taken away as if it had been pruned',
    found: 'removed',
    chain: 'root',
    at: 1,
    tamper: (raw) => {
      const { hash } = raw.row(1, 'root');
      raw.run("DELETE FROM audit WHERE chain = 'root' AND place = 1");
      raw.run(`UPDATE chain SET start_place = 1, start_hash = '${hash}' WHERE name = 'root'`);
    },
  },
  {
    title: 'a chain that is gone with its row',
    found: 'cut',
    at: 1,
    tamper: (raw) => {
      raw.run(`DELETE FROM audit WHERE chain = '${SYSTEM}'`);
      raw.run(`DELETE FROM chain WHERE name = '${SYSTEM}'`);
    },
  },
  {
    title: 'the row of a chain that is gone',
    found: 'cut',
    at: 1,
    tamper: (raw) => raw.run(`DELETE FROM chain WHERE name = '${SYSTEM}'`),
  },
  {
    title: 'a chain that the root chain does not tell of',
    found: 'unopened',
    chain: 'lamp:other',
    at: 1,
    tamper: (raw) => {
      raw.run(`INSERT INTO chain SELECT 'lamp:other', 0, start_hash, 0, start_hash, 0, 0, 0 FROM chain
        WHERE name = '${SYSTEM}'`);
    },
  },
  {
    title: 'everything gone',
    found: 'cut',
    chain: 'root',
    at: 1,
    tamper: (raw) => raw.run('DELETE FROM audit'),
  },
];

/** An entry whose text and hash fit its place. */
function addedAfter(last: AuditRow): AuditRow {
  const place = last.place + 1;
  const entry = last.entry
    .replace(`"place":${last.place}`, `"place":${place}`)
    .replace(`"sequence":${last.sequence}`, '"sequence":99');
  const hash = chainHash(last.hash, entry);
  return { ...last, sequence: 99, place, entry, previous: last.hash, hash };
}

/** Nothing in the file can show these: only a line that was kept elsewhere. */
const SHOWS_BY_ANCHOR: readonly Tampering[] = [
  {
    title: 'ends that were cut off, and what knew of them',
    found: 'cut',
    at: LAST,
    tamper: (raw) => {
      raw.run(`DELETE FROM audit WHERE chain = '${SYSTEM}' AND place >= 6`);
      raw.run("DELETE FROM audit WHERE chain = 'root' AND place = 3");
      raw.sealAgain(1);
      raw.setHead();
      raw.setHead('root');
    },
  },
  {
    title: 'the end of the root chain that was cut off, and what knew of it',
    found: 'cut',
    chain: 'root',
    at: 3,
    tamper: (raw) => {
      raw.run("DELETE FROM audit WHERE chain = 'root' AND place = 3");
      raw.sealAgain(1);
      raw.setHead('root');
    },
  },
  {
    title: 'an entry that was changed, and everything after it in both chains hashed again',
    found: 'changed',
    at: LAST,
    tamper: (raw) => {
      raw.write(changedText(raw.row(4)));
      const before = raw.row(LAST).hash;
      raw.linkAgainFrom(4);
      const seal = raw.row(3, 'root');
      raw.write({ ...seal, entry: seal.entry.replace(before, raw.row(LAST).hash) });
      raw.sealAgain(LAST);
      raw.linkAgainFrom(3, 'root');
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
  expect(raw.rows()).toHaveLength(LAST);
  expect(raw.rows('root')).toHaveLength(3);
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
    const { found, chain = SYSTEM, at: place } = tampering;
    expect(alone).toMatchObject({ isIntact: false, fault: { found, chain, place } });
    expect(alone.fault?.message).toMatch(new RegExp(`^Entr(y|ies) ${place} (to \\d+ )?of `, 'u'));
  });

  it.each(SHOWS_BY_ANCHOR)('$title, with an anchor', async (tampering) => {
    const { alone, anchored } = await play(tampering);
    const { found, chain = SYSTEM, at: place } = tampering;
    expect(alone.fault).toBeNull();
    expect(anchored).toMatchObject({ isIntact: false, fault: { found, chain, place } });
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
    expect(report).toMatchObject({ isSound: false, audit: { fault: { place: 4 } } });
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
    const places = [1_999, 2_000, 2_001, 4_000, 4_001, 4_011];
    const whole = places.map((place) => raw.row(place, 'root'));
    for (const row of whole) {
      raw.write(changedText(row));
      const { fault } = await desk.ledger.audit.verify();
      expect(fault).toMatchObject({ found: 'changed', place: row.place });
      raw.write(row);
    }
    expect((await desk.ledger.audit.verify()).isIntact).toBe(true);
    raw.close();
    await desk.close();
  }, 120_000);
});
