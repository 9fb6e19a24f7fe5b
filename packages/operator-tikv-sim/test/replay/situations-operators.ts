import type { TikvSimOptions } from '../../src/index.ts';
import type { RecordedFile } from './recording.ts';
import type { Situation } from './situation.ts';
import type { Stage } from './stage.ts';

/** The checkers come at moments that the recording shows. */
function holdCheckers(stage: Stage): void {
  stage.sim.faults.pauseCheckers();
}

function letCheckersWork(stage: Stage, ms: number): void {
  stage.sim.faults.pauseCheckers({ paused: false });
  stage.wait(ms);
  stage.sim.faults.pauseCheckers();
}

/** The leader of region 9 had moved long before. */
async function moveLeaderOfFirstRegion(stage: Stage): Promise<void> {
  holdCheckers(stage);
  await stage.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 2 });
  stage.wait(601_000);
}

function waiting(ms: number): (stage: Stage) => void {
  return (stage) => stage.wait(ms);
}

const before: Situation['before'] = {
  'status success': waiting(200),
  'transfer-region without roles': waiting(200),
  'transfer-region unknown region': async (stage) => {
    await stage.delete('/operators/57');
    stage.wait(300);
    // On 6.5 the checkers had removed what the cancelled operator left behind.
    if (stage.sim.release === '6.5.12') letCheckersWork(stage, 600);
  },
  'transfer-peer pending peer visible': waiting(160),
  'transfer-peer status after': waiting(1_000),
  'transfer-peer of the leader after': waiting(1_400),
  'add-peer after': waiting(700),
  'remove-peer after': waiting(200),
  'add-learner after': waiting(400),
  'remove-peer of the leader': waiting(200),
  'remove-peer of the leader after': waiting(600),
  'merge-region source after': waiting(1_700),
  'split-region status after': waiting(200),
  'cancel that': waiting(300),
  'back up': (stage) => {
    stage.wait(200);
    letCheckersWork(stage, 350);
  },
  'transfer-peer to a down store': (stage) =>
    stage.sim.faults.silenceStore({ storeId: 5, keepLeaders: true }),
};

const rejectedBefore: Situation['before'] = {
  'rejected admin add: first: transfer-peer accepted': (stage) =>
    stage.sim.faults.silenceStore({ storeId: 4, keepLeaders: true }),
  'rejected admin add: third: status': waiting(200),
};

async function silenceForTenMinutes(stage: Stage): Promise<void> {
  holdCheckers(stage);
  stage.sim.faults.silenceStore({ storeId: 5, keepLeaders: true });
  stage.wait(601_000);
}

const EARLIER_RECORDS = 'shows records of experiments that came before and were not recorded';

/** The recording was taken on three clusters; each part has its own simulator. */
function parts(file: RecordedFile, options: TikvSimOptions): readonly Situation[] {
  const isModern = options.version === '8.5';
  const rejected: Situation = {
    file,
    options,
    prelude: holdCheckers,
    before: rejectedBefore ?? {},
    partly: ['rejected admin add: records'],
    only: /^rejected admin add/,
  };
  return [
    ...(isModern ? [rejected] : []),
    {
      file,
      options,
      prelude: isModern ? moveLeaderOfFirstRegion : holdCheckers,
      before: before ?? {},
      partly: ['records with one', 'records many'],
      notReplayed: isModern
        ? { 'records none': EARLIER_RECORDS, 'operator of region without any': EARLIER_RECORDS }
        : {
            'extra-peer check':
              'lists the region as it was a heartbeat earlier; the model lists it as it is',
          },
      only: /^(?!rejected admin add|silent 10 min)/,
    },
    {
      file,
      options: { ...options, downPeerAfterMs: Infinity },
      prelude: silenceForTenMinutes,
      only: /^silent 10 min/,
    },
  ];
}

export const operatorSituations: readonly Situation[] = [
  ...parts('v8.5.7/operators.json', {
    version: '8.5',
    keyspaceSplit: true,
    schedulersPaused: true,
  }),
  ...parts('v6.5.12/operators.json', { version: '6.5', schedulersPaused: true }),
];
