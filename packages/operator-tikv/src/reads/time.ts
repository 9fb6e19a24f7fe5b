/** RFC 3339 of milliseconds since the epoch; `null` stays. */
export function toTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
