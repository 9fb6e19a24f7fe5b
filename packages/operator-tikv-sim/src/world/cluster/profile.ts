/** The two ends of PD's supported releases that the model speaks. */
export type ProfileVersion = '6.5' | '8.5';

/** Differences between the two releases, as data; a route that only one release has carries `only`. */
export interface Profile {
  readonly version: ProfileVersion;
  /** The exact release that was recorded. */
  readonly release: string;
  readonly isModern: boolean;
  /** Status of a redirect to the cleaned path: it depends on the Go toolchain of the release. */
  readonly cleanPathStatus: 301 | 307;
  readonly defaultSchedulers: readonly string[];
  /** Times in which followers name a dead leader, and then none. */
  readonly deadLeaderMs: number;
  readonly noLeaderMs: number;
  /** A planned move leaves no leader for so long. */
  readonly plannedMoveGapMs: number;
  /** Time after a lost quorum is back in which the members say that they have not started. */
  readonly joiningMs: number;
  /** The description of the operators that empty a store of leaders. */
  readonly evictLeaderDescription: string;
  /** The separator before `timeout` in an operator's text. */
  readonly timeoutSeparator: string;
  /** Bits of the operator kinds in PD's object form. */
  readonly kindBits: Readonly<Record<string, number>>;
  readonly maxMergeRegionSize: number;
}

const COMMON_SCHEDULERS = [
  'balance-region-scheduler',
  'balance-leader-scheduler',
  'balance-hot-region-scheduler',
];

const PROFILES: Readonly<Record<ProfileVersion, Profile>> = {
  '6.5': {
    version: '6.5',
    release: '6.5.12',
    isModern: false,
    cleanPathStatus: 301,
    defaultSchedulers: [...COMMON_SCHEDULERS, 'split-bucket-scheduler'],
    deadLeaderMs: 12_400,
    noLeaderMs: 150,
    plannedMoveGapMs: 200,
    joiningMs: 860,
    evictLeaderDescription: 'evict-leader',
    timeoutSeparator: '，',
    kindBits: {
      admin: 1,
      merge: 2,
      range: 4,
      replica: 8,
      split: 16,
      'hot-region': 32,
      region: 64,
      leader: 128,
    },
    maxMergeRegionSize: 20,
  },
  '8.5': {
    version: '8.5',
    release: '8.5.7',
    isModern: true,
    cleanPathStatus: 307,
    defaultSchedulers: [
      ...COMMON_SCHEDULERS,
      'evict-slow-store-scheduler',
      'evict-stopping-store-scheduler',
    ],
    deadLeaderMs: 10_700,
    noLeaderMs: 100,
    plannedMoveGapMs: 0,
    joiningMs: 525,
    evictLeaderDescription: 'evict-leader-scheduler',
    timeoutSeparator: ', ',
    kindBits: {
      admin: 1,
      affinity: 2,
      merge: 4,
      range: 8,
      replica: 16,
      split: 32,
      'hot-region': 64,
      region: 128,
      leader: 256,
    },
    maxMergeRegionSize: 54,
  },
};

export function profileOf(version: ProfileVersion): Profile {
  return PROFILES[version];
}

/** Some texts carry PD's error code only in the newer release: `region 9 not found` against `[PD:region:…]region 9 not found`. */
export function codedText(profile: Profile, code: string, text: string): string {
  return profile.isModern ? `[PD:${code}]${text}` : text;
}
