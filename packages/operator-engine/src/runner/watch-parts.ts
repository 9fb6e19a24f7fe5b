import type { Clock } from '../clock/clock.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Seats } from '../ledger/seats.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { RunSubjects } from '../subject/subjects.ts';

/** Dependencies of a runner that watches. */
export interface WatchParts {
  readonly subjects: RunSubjects;
  readonly seats: Seats;
  readonly limits: EngineLimits;
  readonly clock: Clock;
  actor(): Actor;
}
