import { RUN_TRANSITIONS } from 'operator-engine';
import type { RunEvent } from 'operator-engine';
import type { TikvSimOptions } from 'operator-tikv-sim';
import { describe, expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';
import { crash, describe as describePoint, rehearse } from './crash.ts';
import type { Rehearsal } from './crash.ts';
import { ENDINGS, KINDS, walks } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';
import { isSoak } from './soak.ts';

/** How many processes are killed at a time, of each scenario. */
const AT_ONCE = 3;
const LONG = isSoak ? 3_600_000 : 600_000;

/** Every kind of event there is, and whether the process that is killed must have told it. */
const EVENTS: Readonly<Record<RunEvent['kind'], boolean>> = {
  recorded: true,
  decided: true,
  waiting_for_approval: true,
  rechecked: true,
  claimed: true,
  sending: true,
  intended: true,
  sent: true,
  verifying: true,
  settling: true,
  cancelling: true,
  recovering: true,
  joined: true,
  entry: true,
  finished: true,
  // It is told by who waits for its turn, which the race is about.
  held_by: false,
  // It is told by runs with a condition, whose crash the engine's own tests are about.
  condition: false,
};

/** The clusters on which it is played. */
const CLUSTERS: readonly TikvSimOptions[] = isSoak
  ? [
      { version: '6.5', seed: 1 },
      { version: '8.5', seed: 2 },
      { version: '8.5', seed: 3, regions: 200 },
    ]
  : [{ version: '8.5', seed: 1 }];

const rehearsals = new Map<string, Rehearsal>();

/** What is not true after it was killed somewhere. */
async function killEverywhere(scenario: Scenario): Promise<readonly string[]> {
  const rehearsal = await rehearse(scenario);
  rehearsals.set(scenario.name, rehearsal);
  const points = isSoak ? rehearsal.points : rehearsal.different;
  if (points.length < 2) throw new Error(`${scenario.name} can be killed nowhere`);
  const lies = await inParallel(points, AT_ONCE, async (point, index) => {
    const by = index % 2 === 0 ? 'recover' : 'watch';
    const found = await crash(scenario, point, by);
    return found.map(
      (lie) => `${scenario.name}: killed at ${describePoint(point)}, then ${by}: ${lie}`,
    );
  });
  return lies.flat();
}

const SCENARIOS = CLUSTERS.flatMap((simulator) =>
  [...KINDS, ...ENDINGS].map((scenario) => {
    const { version = '', seed = 0 } = simulator;
    const options = { ...scenario.options, simulator };
    const name = `${scenario.name}, PD ${version}, seed ${seed}`;
    return [name, { ...scenario, name, options }] as const;
  }),
);

// Each mostly waits for effects to settle.
describe.concurrent('killed at every point, and settled by another process', () => {
  test.for(SCENARIOS)('%s', { timeout: LONG }, async ([, scenario]) => {
    expect(await killEverywhere(scenario)).toEqual([]);
  });
});

describe('killed at every point', () => {
  test('of what the gate itself never does, but the table allows', { timeout: LONG }, async () => {
    const seen = [...rehearsals.values()].flatMap(({ transitions }) => transitions);
    const lies = await inParallel(walks(seen), AT_ONCE, killEverywhere);
    expect(lies.flat()).toEqual([]);
  });

  test('reaches every transition of the table, and every kind of event', () => {
    const told = [...rehearsals.values()];
    const all = Object.entries(RUN_TRANSITIONS).flatMap(([from, targets]) =>
      targets.map((to) => `${from} → ${to}`),
    );
    expect(new Set(told.flatMap(({ transitions }) => transitions))).toEqual(new Set(all));
    const expected = Object.entries(EVENTS).flatMap(([kind, isTold]) => (isTold ? [kind] : []));
    expect(new Set(told.flatMap(({ events }) => events))).toEqual(new Set(expected));
  });
});
