import type { Clock } from '../clock/clock.ts';
import type { Actor } from '../ledger/actor.ts';
import type { RunnerSessions } from '../ledger/runner-session.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { RunSubjects } from '../subject/subjects.ts';

/** Dependencies of a runner that watches. */
export interface WatchParts {
  readonly subjects: RunSubjects;
  readonly sessions: RunnerSessions;
  readonly limits: EngineLimits;
  readonly clock: Clock;
  actor(): Actor;
}
