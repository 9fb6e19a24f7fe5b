import { createEngineError } from '../../../errors/engine-error.ts';

/** An instant as RFC 3339, UTC. */
export function toIso(at: number): string {
  return new Date(at).toISOString();
}

/** An instant as RFC 3339, or `null`. */
export function toIsoOrNull(at: number | null): string | null {
  return at === null ? null : toIso(at);
}

/** Milliseconds since the epoch of an RFC 3339 time. Throws `PARAMETERS_INVALID`. */
export function parseTime(time: string): number {
  const at = Date.parse(time);
  if (!Number.isNaN(at)) return at;
  throw createEngineError('PARAMETERS_INVALID', {
    message: `${JSON.stringify(time)} is not a time.`,
    remedy: 'Write it as in 2026-03-01T12:00:00Z.',
    facts: { time },
  });
}
