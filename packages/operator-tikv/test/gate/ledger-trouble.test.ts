import { openSync, closeSync, statSync, writeSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { RunEvent } from 'operator-engine';
import { describe, expect, test } from 'vitest';
import { NOW, drain, openArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { createJumpingClock, HOUR } from './clocks.ts';
import { applyFailing, codeOf, LEADER, LONG } from './apply-failing.ts';
import { findLies } from './find-lies.ts';
import { inParallel } from './in-parallel.ts';
import { settle, watchUntilQuiet } from './settle.ts';
import type { Worker } from './start-worker.ts';

const AT_ONCE = 4;
const isThere = ({ sim }: Arena): boolean => sim.model.region(9)?.leaderStoreId === 3;

/** Before which of its writes the ledger fails a process. */
const MOMENTS = [
  // The decision is recorded with the run.
  'before runs.create',
  'before runs.claim',
  'before runs.intend',
  'before runs.recordResult',
  'before runs.move',
] as const;
/** Number of the moments in which nothing has been sent. */
const UNSENT = 3;

/** In every moment: a clear error, and nothing that is not true when it is over. */
async function failEverywhere(
  fail: (arena: Arena, worker: Worker) => void,
  heal: (arena: Arena) => void,
): Promise<{ codes: readonly (string | null)[]; lies: readonly string[] }> {
  const codes: (string | null)[] = [];
  const lies = await inParallel(MOMENTS, AT_ONCE, async (moment, index) => {
    const arena = await openArena({ ledgerLimits: { busyMs: 300 } });
    try {
      const said = await applyFailing(arena, moment, (worker) => {
        fail(arena, worker);
      });
      codes[index] = codeOf(said);
      heal(arena);
      const engine = await settle(arena, 'recover');
      const found = await findLies(arena, engine, { purpose: 'change', isThere });
      return found.map((lie) => `${moment}: ${lie}`);
    } finally {
      heal(arena);
      await arena.close();
    }
  });
  return { codes, lies: lies.flat() };
}

describe('a ledger that fails a run in the middle', () => {
  test('because the disk is full', { timeout: LONG }, async () => {
    const { codes, lies } = await failEverywhere(
      ({ ledgerPath }, worker) => {
        worker.limitFiles(statSync(`${ledgerPath}-wal`).size);
      },
      () => undefined,
    );
    expect(lies).toEqual([]);
    // A file that may not grow is no full disk to SQLite, but something that cannot be written.
    expect(codes.slice(0, UNSENT)).toEqual(codes.slice(0, UNSENT).map(() => 'LEDGER_UNWRITABLE'));
    expect(codes.slice(UNSENT)).toEqual(codes.slice(UNSENT).map(() => 'OUTCOME_NOT_RECORDED'));
  });

  test('because another process holds it', { timeout: LONG }, async () => {
    const holders = new Map<Arena, DatabaseSync>();
    const { codes, lies } = await failEverywhere(
      (arena) => {
        const holder = new DatabaseSync(arena.ledgerPath);
        holder.exec('BEGIN IMMEDIATE');
        holders.set(arena, holder);
      },
      (arena) => {
        holders.get(arena)?.close();
        holders.delete(arena);
      },
    );
    expect(lies).toEqual([]);
    expect(codes.slice(0, UNSENT)).toEqual(codes.slice(0, UNSENT).map(() => 'LEDGER_BUSY'));
    expect(codes.slice(UNSENT)).toEqual(codes.slice(UNSENT).map(() => 'OUTCOME_NOT_RECORDED'));
  });

  test('because something writes into it', { timeout: LONG }, async () => {
    const outcomes = await inParallel(MOMENTS, AT_ONCE, async (moment) => {
      const arena = await openArena();
      try {
        const said = await applyFailing(arena, moment, () => {
          damage(arena.ledgerPath, 4_096);
          damage(`${arena.ledgerPath}-wal`, 4_096);
          // The shared memory of the ledger too: otherwise no process would read the file again.
          damage(`${arena.ledgerPath}-shm`, 0);
        });
        const events = said.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
        // The ledger cannot be asked any more; the process itself must have got the right to send.
        const sent = arena.changes().length;
        const isAllowed = sent <= events.filter((event) => event === 'intended').length;
        return { isAllowed, code: codeOf(said) };
      } finally {
        await arena.close();
      }
    });
    expect(outcomes).toEqual(
      MOMENTS.map((_, index) => ({
        isAllowed: true,
        code: index < UNSENT ? 'LEDGER_CORRUPT' : 'OUTCOME_NOT_RECORDED',
      })),
    );
  });
});

/** Everything from there on is noise from now on. */
function damage(path: string, from: number): void {
  const { size } = statSync(path);
  const file = openSync(path, 'r+');
  const noise = Buffer.alloc(Math.max(0, size - from), 0xa5);
  writeSync(file, noise, 0, noise.length, from);
  closeSync(file);
}

describe('a ledger that cannot be used from the beginning', () => {
  test('lets nothing be sent when it is damaged', async () => {
    const arena = await openArena();
    try {
      const engine = await arena.engine();
      const plan = await arena.plan(engine, 'transfer_leader', LEADER);
      const subject = await engine.openSubject();
      const earlier = await arena.engine();
      await earlier.openLedger();
      await earlier.close();
      writeFileSync(arena.ledgerPath, 'Dear diary, '.repeat(1_000));
      await expect(drain(subject.apply(plan))).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' });
      expect(arena.changes()).toEqual([]);
    } finally {
      await arena.close();
    }
  });
});

describe('a clock that jumps back an hour', () => {
  const MOMENTS_OF_RUNS: readonly RunEvent['kind'][] = [
    'recorded',
    'rechecked',
    'claimed',
    'intended',
    'sent',
    'settling',
  ];

  test.for(MOMENTS_OF_RUNS)('at %s ends no lease before it is right again', async (moment) => {
    const clock = createJumpingClock();
    const arena = await openArena({ clock });
    try {
      const engine = await arena.engine(NOW);
      const plan = await arena.plan(engine, 'drain_store', { store_id: '4' });
      const subject = await engine.openSubject();
      const { result } = await drain(subject.apply(plan, { leaseMs: 1_000 }), ({ kind }) => {
        if (kind === moment) clock.jump(-HOUR);
      });
      expect(result.state).toBe('succeeded');
      // Only the ledger's time is past its end: it is held.
      const held = await watchUntilQuiet(engine);
      expect(held.map(({ kind }) => kind)).not.toContain('lease_ended');
      clock.jump(HOUR);
      const told = await watchUntilQuiet(engine);
      expect(told.map(({ kind }) => kind)).toContain('lease_ended');
      expect(await findLies(arena, engine, { purpose: 'change' })).toEqual([]);
    } finally {
      await arena.close();
    }
  });
});

describe('a clock that jumps three hours ahead', () => {
  const MOMENTS_OF_RUNS: readonly RunEvent['kind'][] = ['claimed', 'sent', 'settling'];

  test.for(MOMENTS_OF_RUNS)('at %s ends no lease of ten minutes', async (moment) => {
    const clock = createJumpingClock();
    const arena = await openArena({ clock });
    try {
      const engine = await arena.engine(NOW);
      const plan = await arena.plan(engine, 'drain_store', { store_id: '4' });
      const subject = await engine.openSubject();
      const { result } = await drain(subject.apply(plan, { leaseMs: 600_000 }), ({ kind }) => {
        if (kind === moment) clock.jump(3 * HOUR);
      });
      expect(result.state).toBe('succeeded');
      const told = await watchUntilQuiet(engine);
      expect(told.map(({ kind }) => kind)).not.toContain('lease_ended');
      expect(arena.sim.model.evictedStores()).toEqual([4]);
    } finally {
      await arena.close();
    }
  });
});
