import { backup, DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { applyFailing, codeOf, LEADER, LONG } from './apply-failing.ts';
import { NOW, drain, openArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { BEFORE } from './scenarios.ts';

/** Error code of a process that applied a plan, and the bodies that left for PD. */
interface Outcome {
  readonly code: string | null;
  readonly bodies: readonly string[];
}

/** Applies a plan in a process, and changes the ledger behind its back at a moment. */
async function applyWhile(
  arena: Arena,
  moment: string,
  change: () => void | Promise<void>,
): Promise<Outcome> {
  const said = await applyFailing(arena, moment, change);
  return { code: codeOf(said), bodies: arena.changes().map(({ body }) => body) };
}

const PLANNED = JSON.stringify({ name: 'transfer-leader', region_id: 9, to_store_id: 3 });

describe('a run in whose middle an older copy of the ledger is put back', () => {
  const MOMENTS = [
    ['before runs.claim', 0],
    ['before runs.intend', 0],
    ['before runs.recordResult', 1],
    ['before runs.move', 1],
  ] as const;

  test.for(MOMENTS)(
    '%s does not end well, and %d requests have left in all',
    { timeout: LONG },
    async ([moment, sent]) => {
      const arena = await openArena();
      try {
        const first = await arena.engine(BEFORE);
        await first.openLedger();
        const copy = `${arena.ledgerPath}.older`;
        await backup(new DatabaseSync(arena.ledgerPath), copy);
        const { code, bodies } = await applyWhile(arena, moment, async () => {
          await backup(new DatabaseSync(copy), arena.ledgerPath);
        });
        expect(code).not.toBeNull();
        expect(bodies).toEqual(Array(sent).fill(PLANNED));
        // The same is wanted again: the world has changed, or the ledger is known to be older.
        const engine = await arena.engine(NOW);
        arena.sim.clock.advance(120_000);
        const subject = await engine.openSubject();
        const planned = await subject.plan('transfer_leader', LEADER);
        if (planned.kind === 'plan')
          await drain(subject.apply(planned.plan)).catch(() => undefined);
        expect(arena.changes().length).toBeLessThanOrEqual(1);
      } finally {
        await arena.close();
      }
    },
  );
});

describe('a run whose rows are edited in its middle', () => {
  const OTHER_STORE = `UPDATE plan SET document = replace(document, '"to_store_id":"3"', '"to_store_id":"2"')`;
  const EDITS = [
    ['before runs.claim', 'the plan', OTHER_STORE, 0],
    ['before runs.claim', 'its state', `UPDATE run SET state = 'executing'`, 0],
    ['before runs.intend', 'its fence', 'UPDATE run SET fence = fence + 1', 0],
    ['before runs.intend', 'the plan', OTHER_STORE, 1],
    ['before runs.recordResult', 'the plan', OTHER_STORE, 1],
    ['before runs.move', 'its request', `UPDATE request SET outcome = 'not_sent'`, 1],
  ] as const;

  test.for(EDITS)(
    '%s: %s, sends what was planned or nothing, and the edit is found',
    { timeout: LONG },
    async ([moment, , edit, sent]) => {
      const arena = await openArena();
      try {
        const { bodies } = await applyWhile(arena, moment, () => {
          const database = new DatabaseSync(arena.ledgerPath);
          database.exec(edit);
          database.close();
        });
        expect(bodies).toEqual(Array(sent).fill(PLANNED));
        const { maintenance, audit } = await (await arena.engine(NOW)).openLedger();
        const { isSound } = await maintenance.check();
        const edits = (await audit.latest({}, { limit: 50 })).filter(
          ({ kind }) => kind === 'rows_edited',
        );
        expect(!isSound || edits.length > 0).toBe(true);
      } finally {
        await arena.close();
      }
    },
  );
});
