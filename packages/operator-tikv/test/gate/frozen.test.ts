import { expect, test } from 'vitest';
import { NOW, openArena, until } from './arena.ts';
import { pace } from './crash.ts';
import { findLies } from './find-lies.ts';
import { watchUntilQuiet } from './settle.ts';
import { startWorker } from './start-worker.ts';

const LONG = 120_000;
/** Where an owner is frozen that has not sent anything. */
const MOMENTS = ['before runs.intend', 'after runs.intend'] as const;

test.for(MOMENTS)(
  'an owner that is frozen %s and wakes when others have its run sends nothing',
  { timeout: LONG },
  async (moment) => {
    // Long enough for who lives on a busy machine.
    const arena = await openArena({ ledgerLimits: { ownerTtlMs: 4_000, permitMarginMs: 500 } });
    try {
      const engine = await arena.engine();
      const plan = await arena.plan(engine, 'set_leader_schedule_limit', { limit: 8 });
      const worker = startWorker(arena.task([{ do: 'apply', plan }], NOW, 'asked'));
      const ledger = await engine.openLedger();
      const held = Promise.withResolvers<void>();
      const mayGo = Promise.withResolvers<boolean>();
      const ended = pace(worker, async (point) => {
        if (point.kind !== 'code' || point.label !== moment) return true;
        held.resolve();
        return mayGo.promise;
      });
      await held.promise;
      worker.signal('SIGSTOP');
      await until(async () => (await ledger.runs.abandoned()).length === 1);
      await watchUntilQuiet(engine);
      const [settled] = await engine.runs.list();
      expect(settled?.state).toBe(moment === 'before runs.intend' ? 'failed' : 'unknown');

      worker.signal('SIGCONT');
      mayGo.resolve(true);
      await ended;
      const said = worker.said.filter(({ kind }) => kind === 'thrown' || kind === 'result');
      expect(said).toMatchObject([{ code: 'FENCED' }]);
      expect(arena.changes()).toEqual([]);
      expect(await engine.runs.list()).toMatchObject([{ state: settled?.state }]);
      expect(await findLies(arena, engine, { purpose: 'change' })).toEqual([]);
    } finally {
      await arena.close();
    }
  },
);
