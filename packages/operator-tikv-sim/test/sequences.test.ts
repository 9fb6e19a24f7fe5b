import { expect, it } from 'vitest';
import type { TikvSimOptions } from '../src/index.ts';
import type { Answered } from './replay/compare.ts';
import type { RecordedFile } from './replay/recording.ts';
import {
  type Comparison,
  type Experiment,
  STATUS_VALUES,
  compareSequences,
  regionValues,
} from './replay/sequence.ts';
import { Stage } from './replay/stage.ts';

async function run(
  options: TikvSimOptions,
  experiment: Experiment,
  prepare?: (stage: Stage) => Promise<void>,
) {
  const stage = await Stage.open(options);
  try {
    await prepare?.(stage);
    return await compareSequences(stage, experiment);
  } finally {
    await stage.sim.stop();
  }
}

/** What is not as recorded: the same values in the same order, each at about the same moment. */
function deviations(comparisons: readonly Comparison[], toleranceMs: number): string[] {
  return comparisons.flatMap(({ summary, recorded, simulated }) => {
    const [wanted, got] = [recorded, simulated].map((runs) => runs.map((each) => each.value));
    if (String(wanted) !== String(got))
      return [`${summary}: ${String(got)} instead of ${String(wanted)}`];
    return recorded.flatMap(({ firstMs, value }, index) => {
      const simulatedMs = simulated[index]?.firstMs ?? Infinity;
      if (Math.abs(simulatedMs - firstMs) <= toleranceMs) return [];
      return [`${summary}: ${value} after ${simulatedMs} ms instead of ${firstMs} ms`];
    });
  });
}

const BOTH: readonly (readonly [RecordedFile, TikvSimOptions])[] = [
  ['v6.5.12/timeline.json', { version: '6.5', schedulersPaused: true }],
  ['v8.5.7/timeline.json', { version: '8.5', schedulersPaused: true }],
];

it.each(BOTH)('%s: a leader moves and the operator ends as recorded', async (file, options) => {
  const comparisons = await run(options, {
    file,
    everyMs: 50,
    acts: [
      {
        atMs: 0,
        act: async (stage) =>
          await stage.post('/operators', {
            name: 'transfer-leader',
            region_id: 13,
            to_store_id: 3,
          }),
      },
    ],
    questions: [
      {
        summary: 'transfer-leader 1: summary of operator status',
        path: '/pd/api/v1/operators/13',
        ...STATUS_VALUES,
      },
    ],
  });
  expect(deviations(comparisons, 100)).toEqual([]);
});

it.each(BOTH)('%s: a replica moves step by step as recorded', async (file, options) => {
  const comparisons = await run(options, {
    file,
    everyMs: 50,
    acts: [
      {
        atMs: 0,
        act: async (stage) =>
          await stage.post('/operators', {
            name: 'transfer-peer',
            region_id: 17,
            from_store_id: 4,
            to_store_id: 1,
          }),
      },
    ],
    questions: [
      {
        summary: 'transfer-peer of a follower: summary of operator status',
        path: '/pd/api/v1/operators/17',
        ...STATUS_VALUES,
      },
      {
        summary: 'transfer-peer of a follower: summary of region',
        path: '/pd/api/v1/region/id/17',
        ...regionValues(),
      },
    ],
  });
  expect(deviations(comparisons, 100)).toEqual([]);
});

it('a merge moves the source’s replicas, then both operators end as recorded', async () => {
  const comparisons = await run(
    { version: '6.5', schedulersPaused: true },
    {
      file: 'v6.5.12/timeline.json',
      everyMs: 50,
      acts: [
        {
          atMs: 0,
          act: async (stage) =>
            await stage.post('/operators', {
              name: 'merge-region',
              source_region_id: 29,
              target_region_id: 33,
            }),
        },
      ],
      questions: [
        {
          summary: 'merge, source region: summary of operator status',
          path: '/pd/api/v1/operators/29',
          ...STATUS_VALUES,
        },
        {
          summary: 'merge, source region: summary of target operator status',
          path: '/pd/api/v1/operators/33',
          ...STATUS_VALUES,
        },
        {
          summary: 'merge, source region: summary of region',
          path: '/pd/api/v1/region/id/29',
          ...regionValues(),
        },
      ],
    },
  );
  expect(deviations(comparisons, 200)).toEqual([]);
});

it('a transfer to a store that has just died runs into its timeout while the store looks Up, then Disconnected', async () => {
  const comparisons = await run(
    { version: '8.5', schedulersPaused: true, spreadHeartbeats: false, downPeerAfterMs: Infinity },
    {
      file: 'v8.5.7/timeline.json',
      everyMs: 500,
      acts: [
        {
          atMs: 0,
          act: async (stage) =>
            await stage.post('/operators', {
              name: 'transfer-leader',
              region_id: 41,
              to_store_id: 5,
            }),
        },
      ],
      questions: [
        {
          summary: 'transfer-leader to a dead store: summary of operator status',
          path: '/pd/api/v1/operators/41',
          ...STATUS_VALUES,
        },
        {
          summary: 'transfer-leader to a dead store: summary of region',
          path: '/pd/api/v1/region/id/41',
          ...regionValues(),
        },
        {
          summary: 'transfer-leader to a dead store: summary of target store',
          path: '/pd/api/v1/store/5',
          value: (answer) => stateNames(answer).join(),
          recorded: String,
        },
      ],
    },
    async (stage) => {
      await stage.post('/operators', { name: 'transfer-leader', region_id: 41, to_store_id: 1 });
      stage.wait(601_000);
      stage.alignTo(1_800);
      stage.sim.faults.silenceStore({ storeId: 5, keepLeaders: true });
    },
  );
  expect(deviations(comparisons, 600)).toEqual([]);
});

function stateNames(answer: Answered | 'refused'): string[] {
  if (answer === 'refused') return ['refused'];
  if (answer.status !== 200) return [`${answer.status}`];
  return [
    ...new Set([...answer.body.matchAll(/"state_name": "(\w+)"/g)].map((found) => found[1] ?? '')),
  ];
}

/** `[200, 'Up leaders all']` becomes `200 Up leaders all`; what was no answer becomes `refused`. */
function recordedPair(value: unknown): string {
  if (!Array.isArray(value)) return 'refused';
  const list: readonly unknown[] = value;
  return list
    .map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
    .map((text) => (text.startsWith('{') ? text.replaceAll(/\d+/g, '#') : text))
    .join(' ');
}

function statusAnd(read: (answer: Answered) => string): (answer: Answered | 'refused') => string {
  return (answer) => {
    if (answer === 'refused') return 'refused';
    return `${answer.status} ${answer.headers['content-type']?.startsWith('text/plain') === true ? answer.body.trim() : read(answer)}`;
  };
}

const countList = statusAnd((answer) =>
  String((JSON.parse(answer.body) as readonly unknown[]).length),
);
const leaderOf = (body: string): string =>
  JSON.stringify((JSON.parse(body) as { readonly leader: unknown }).leader).replaceAll(/\d+/g, '#');

it('a restarted PD forgets and learns again as recorded', async () => {
  const summary = (of: string): string => `single PD killed and restarted: summary of ${of}`;
  const comparisons = await run(
    { version: '8.5', spreadHeartbeats: false, regionHeartbeatMs: 49_000, keyspaceSplit: true },
    {
      file: 'v8.5.7/restart.json',
      everyMs: 200,
      acts: [
        {
          atMs: 601,
          act: (stage) => stage.sim.faults.restartLeader({ downMs: 1_403, startingMs: 4_700 }),
        },
        {
          atMs: 45_550,
          act: async (stage) =>
            await stage.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 1 }),
        },
      ],
      questions: [
        {
          summary: summary('stores'),
          path: '/pd/api/v1/stores',
          value: statusAnd((answer) => {
            const leads = /"leader_count": [1-9]/.test(answer.body) ? 'all' : '0';
            return `${stateNames(answer).join()} leaders ${leads}`;
          }),
          recorded: recordedPair,
        },
        {
          summary: summary('schedulers'),
          path: '/pd/api/v1/schedulers',
          value: countList,
          recorded: recordedPair,
        },
        {
          summary: summary('region'),
          path: '/pd/api/v1/region/id/89',
          value: statusAnd((answer) => leaderOf(answer.body)),
          recorded: recordedPair,
        },
      ],
    },
    async (stage) => {
      await stage.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 4 });
      stage.alignTo(4_000);
    },
  );
  // A starting process holds requests for seconds; the simulator answers at once.
  expect(deviations(comparisons, 5_000)).toEqual([]);
});

it('after the PD leader died the followers say so for as long as recorded', async () => {
  const summary = (of: string): string => `leader killed: follower A: summary of ${of}`;
  const comparisons = await run(
    { version: '8.5', members: 3, schedulersPaused: true, spreadHeartbeats: false },
    {
      file: 'v8.5.7/failover.json',
      everyMs: 100,
      acts: [{ atMs: 505, act: (stage) => stage.sim.faults.loseLeader() }],
      questions: [
        {
          summary: summary('schedulers'),
          path: '/pd/api/v1/schedulers',
          member: 1,
          value: countList,
          recorded: recordedPair,
        },
        {
          summary: summary('leader'),
          path: '/pd/api/v1/leader',
          member: 1,
          value: statusAnd((answer) => (JSON.parse(answer.body) as { readonly name: string }).name),
          recorded: recordedPair,
        },
      ],
    },
    async (stage) =>
      await stage.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 1 }),
  );
  // PD 8.5 holds requests for the moment in which there is no leader; the simulator answers 503.
  const withoutGap = comparisons.map((each) => ({
    ...each,
    simulated: each.simulated.filter((run503) => !run503.value.startsWith('503')),
  }));
  expect(deviations(withoutGap, 300)).toEqual([]);
});

it('an evicted store is empty within a second and refilled within seconds of the end', async () => {
  const stage = await Stage.open({ version: '6.5' });
  const countAfter = (ms: number): number => {
    stage.wait(ms);
    return stage.sim.model.store(2)?.leaderCount ?? -1;
  };
  await stage.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 2 });
  const emptying = [100, 200, 200, 200, 300, 500].map(countAfter);
  expect(emptying[0]).toBe(20);
  expect(emptying.toSorted((one, other) => other - one)).toEqual(emptying);
  expect(emptying.at(-1)).toBe(0);
  await stage.delete('/schedulers/evict-leader-scheduler');
  expect(countAfter(3_500)).toBeGreaterThanOrEqual(15);
  await stage.sim.stop();
});
