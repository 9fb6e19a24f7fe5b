import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  parseOperatorRecordText,
  parseOperatorStateText,
  parseOperatorText,
} from '../../src/pd/wire/operator-text.ts';
import { loadAll, VERSIONS } from './support/recordings.ts';

const TRANSFER =
  'admin-transfer-leader {transfer leader: store 1 to 2} (kind:admin,leader, region:49(3, 7), createAt:2026-11-21 19:42:41.227011467 +0000 UTC m=+23.059852280, startAt:2026-11-21 19:42:41.327103285 +0000 UTC m=+23.159944088, currentStep:1, size:96, steps:[0:{transfer leader from store 1 to store 2}], timeout:[1m0s])';

const CREATED = Date.parse('2026-11-21T19:42:41.227Z');

const PARSED = {
  regionId: 49,
  description: 'admin-transfer-leader',
  brief: 'transfer leader: store 1 to 2',
  epoch: { version: 3, confVer: 7 },
  timeoutMs: 60_000,
  kinds: ['admin', 'leader'],
  createdAtMs: CREATED,
  startedAtMs: CREATED + 100,
  currentStep: 1,
  sizeMiB: 96,
  steps: ['transfer leader from store 1 to store 2'],
};

describe('parseOperatorText', () => {
  it('reads every part', () => {
    expect(parseOperatorText(TRANSFER)).toStrictEqual(PARSED);
  });

  it('reads the full-width comma of 6.5', () => {
    expect(parseOperatorText(TRANSFER.replace('], timeout', ']，timeout'))).toStrictEqual(PARSED);
  });

  it('reads steps without numbers, as 6.5.0 to 6.5.3 print them', () => {
    const old = TRANSFER.replace(
      '[0:{transfer leader from store 1 to store 2}], ',
      '[add learner peer 9 on store 4, promote learner peer 9 on store 4 to voter]，',
    );
    expect(parseOperatorText(old)?.steps).toStrictEqual([
      'add learner peer 9 on store 4',
      'promote learner peer 9 on store 4 to voter',
    ]);
  });

  it('keeps steps whole that have commas', () => {
    const steps =
      '0:{add learner peer 407 on store 1}, 1:{use joint consensus, promote learner peer 407 on store 1 to voter, demote voter peer 56 on store 5 to learner}';
    const text = TRANSFER.replace('0:{transfer leader from store 1 to store 2}', steps);
    expect(parseOperatorText(text)?.steps).toStrictEqual([
      'add learner peer 407 on store 1',
      'use joint consensus, promote learner peer 407 on store 1 to voter, demote voter peer 56 on store 5 to learner',
    ]);
  });

  it('says that one has not started', () => {
    const text = TRANSFER.replace(/startAt:[^,]*/u, 'startAt:0001-01-01 00:00:00 +0000 UTC');
    expect(parseOperatorText(text)?.startedAtMs).toBeNull();
  });

  it('takes parts that a later version adds', () => {
    const later = TRANSFER.replace('currentStep', 'mood:fine, currentStep').replace(
      'timeout:[1m0s])',
      'timeout:[1m0s], priority:high)',
    );
    expect(parseOperatorText(later)).toStrictEqual(PARSED);
  });

  it.each([
    '',
    'hello',
    'status: RUNNING',
    'a {b} (c)',
    '{"desc":"x"}',
    'a {b} (kind:admin, region:9007199254740993(1, 1), createAt:x)',
  ])('%j is none', (text) => {
    expect(parseOperatorText(text)).toBeNull();
  });

  it('is total on any text, and on any part of a good one', () => {
    const part = fc
      .tuple(fc.nat(TRANSFER.length), fc.nat(TRANSFER.length), fc.string())
      .map(([from, to, middle]) => TRANSFER.slice(0, from) + middle + TRANSFER.slice(to));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), part), (text) => {
        for (const parse of [parseOperatorText, parseOperatorRecordText, parseOperatorStateText]) {
          const operator = parse(text);
          if (operator !== null) expect(Number.isSafeInteger(operator.regionId)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseOperatorStateText', () => {
  it.each([
    ['RUNNING', 'RUNNING'],
    ['SUCCESS', 'SUCCESS'],
    ['CANCEL', 'CANCEL'],
    ['REPLACE', 'REPLACE'],
    ['TIMEOUT', 'TIMEOUT'],
    ['5', 'CREATED'],
    ['DANCING', 'UNKNOWN'],
  ])('%s is %s', (word, status) => {
    expect(parseOperatorStateText(`status: ${word}, operator: ${TRANSFER}`)).toStrictEqual({
      status,
      ...PARSED,
    });
  });
});

describe('parseOperatorRecordText', () => {
  const end =
    ' (finishAt:2026-11-21 19:42:41.343996593 +0000 UTC m=+23.176837385, duration:116.893297ms)';

  it.each([
    [' finished', 'finished'],
    [' timeout', 'timeout'],
    ['', null],
  ])('marker %j', (marker, expected) => {
    expect(parseOperatorRecordText(TRANSFER + marker + end)).toStrictEqual({
      ...PARSED,
      marker: expected,
      finishedAtMs: Date.parse('2026-11-21T19:42:41.343Z'),
    });
  });
});

describe.each(VERSIONS)('the recorded operators of %s', (version) => {
  const texts = loadAll(version)
    .filter(({ request }) => request.path.startsWith('/pd/api/v1/operators'))
    .flatMap(({ response }) => (response.status === 200 ? asList(response.body) : []))
    .filter((text) => text.includes('createAt:'));

  it('are all understood, every part', () => {
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) {
      const operator = parseOperatorText(text.replace(/^status: \w+, operator: /u, ''));
      expect(operator?.regionId).toBeGreaterThan(0);
      expect(operator?.steps.length).toBeGreaterThan(0);
      expect([operator?.createdAtMs, operator?.timeoutMs, operator?.currentStep]).not.toContain(
        null,
      );
      expect(text).toContain(`${operator?.description} {${operator?.brief}}`);
    }
  });

  it('have states and records', () => {
    const states = texts.filter((text) => text.startsWith('status: '));
    const statuses = new Set(states.map((text) => parseOperatorStateText(text)?.status));
    expect(statuses).toStrictEqual(new Set(['RUNNING', 'SUCCESS', 'CANCEL']));
    const records = texts.filter((text) => text.includes('finishAt:'));
    expect(records.length).toBeGreaterThan(3);
    for (const record of records) {
      expect(parseOperatorRecordText(record)?.finishedAtMs).toBeGreaterThan(CREATED - 86_400_000);
    }
  });
});

function asList(body: string): readonly string[] {
  const document: unknown = JSON.parse(body);
  const list: unknown[] = Array.isArray(document) ? document : [document];
  return list.filter((item): item is string => typeof item === 'string');
}
