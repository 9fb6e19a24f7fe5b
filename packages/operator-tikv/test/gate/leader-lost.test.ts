import type { JsonObject } from 'operator-core';
import type { RunEvent } from 'operator-engine';
import { describe, expect, test } from 'vitest';
import { openArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { outcomeOf } from './drain.ts';
import { findLies } from './find-lies.ts';
import { BEFORE } from './scenarios.ts';
import { settle } from './settle.ts';
import { isSoak } from './soak.ts';

const VERSIONS = isSoak ? (['6.5', '8.5'] as const) : (['8.5'] as const);
const LONG = 120_000;
const LOOKS = 30;

const ACTIONS: readonly {
  readonly action: string;
  readonly parameters: JsonObject;
  readonly isThere?: (arena: Arena) => boolean;
}[] = [
  {
    action: 'transfer_leader',
    parameters: { region_id: 9, to_store_id: '3' },
    isThere: ({ sim }) => sim.model.region(9)?.leaderStoreId === 3,
  },
  { action: 'drain_store', parameters: { store_id: '4' } },
  {
    action: 'set_leader_schedule_limit',
    parameters: { limit: 8 },
    isThere: ({ sim }) => sim.model.scheduleConfig()['leader-schedule-limit'] === 8,
  },
];

/** Every phase of a run, by the event that it begins with. */
const PHASES: readonly RunEvent['kind'][] = [
  'recorded',
  'rechecked',
  'claimed',
  'sending',
  'intended',
  'sent',
  'verifying',
  'settling',
];

const CASES = ACTIONS.flatMap((one) =>
  PHASES.map((phase) => ({ ...one, phase, name: `${one.action} at ${phase}` })),
);

describe.concurrent.each(VERSIONS)('the leader of PD %s is lost', (version) => {
  test.for(CASES.map((one) => [one.name, one] as const))(
    'during %s',
    { timeout: LONG },
    async ([, { action, parameters, phase, isThere }]) => {
      const arena = await openArena({
        simulator: { version, members: 3, stepMs: 500 },
        isDirect: true,
      });
      try {
        const engine = await arena.engine(BEFORE);
        const plan = await arena.plan(engine, action, parameters);
        const subject = await engine.openSubject();
        const stop = new AbortController();
        let isLost = false;
        let looks = 0;
        const lease = plan.standingEffect === null ? {} : { leaseMs: 1 };
        const { result, error } = await outcomeOf(
          subject.apply(plan, { signal: stop.signal, ...lease }),
          ({ kind }) => {
            if (kind === 'verifying') looks += 1;
            if (looks > LOOKS) stop.abort();
            if (kind !== phase || isLost) return;
            isLost = true;
            arena.sim.faults.loseLeader({});
          },
        );
        expect(isLost).toBe(true);
        expect(arena.changes().length).toBeLessThanOrEqual(1);
        if (error !== null) expect(arena.changes()).toEqual([]);
        if (result?.state === 'succeeded' && isThere !== undefined) {
          expect(isThere(arena)).toBe(true);
        }
        arena.sim.clock.advance(120_000);
        const next = await settle(arena, 'recover');
        const expected = {
          purpose: 'change',
          ...(isThere === undefined ? {} : { isThere }),
        } as const;
        expect(await findLies(arena, next, expected)).toEqual([]);
      } finally {
        await arena.close();
      }
    },
  );
});
