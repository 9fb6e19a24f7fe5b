import type { JsonObject, Remedy } from 'operator-core';

/** Event of a runner that watches. */
export const WATCH_EVENT_KINDS = [
  'started',
  'recovered',
  'lease_ended',
  'lease_lost',
  'lease_superseded',
  'lease_not_ended',
  'went_on',
  'expired',
  'stopped',
  'problem',
  'ended',
] as const;

/** One act or problem of a runner that watches. */
export interface WatchEvent {
  readonly kind: (typeof WATCH_EVENT_KINDS)[number];
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly runId: string | null;
  /** One sentence. */
  readonly message: string;
  readonly details: JsonObject;
  /** Advice to the operators of the runner; `null` when nothing is to be done. */
  readonly remedy: Remedy | null;
}
