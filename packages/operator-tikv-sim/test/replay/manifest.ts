import { RECORDED_FILES, type RecordedFile, loadRecording } from './recording.ts';
import type { Outcome } from './situation.ts';

/** What became of the entries of one recorded file. */
export interface FileCoverage {
  readonly entries: number;
  readonly replayed: number;
  /** By reason: position and name of each entry that is not replayed. */
  readonly notReplayed: Readonly<Record<string, readonly string[]>>;
}

export type Coverage = Readonly<Record<string, FileCoverage>>;

const OTHER_STORES =
  'taken with another store (unistore: no joint consensus, no status address), whose behaviour the model does not have';

/** Counts what the replays did, entry by entry: whatever no situation mentions is listed as forgotten. */
export function coverageOf(outcomes: readonly (readonly [RecordedFile, Outcome])[]): Coverage {
  return Object.fromEntries(
    RECORDED_FILES.map((file) => [file, coverFile(file, outcomes)] as const),
  );
}

function coverFile(
  file: RecordedFile,
  outcomes: readonly (readonly [RecordedFile, Outcome])[],
): FileCoverage {
  const mine = outcomes.filter(([each]) => each === file).map(([, outcome]) => outcome);
  const replayed = new Set(mine.flatMap((outcome) => outcome.replayed));
  const reasons = new Map(mine.flatMap((outcome) => [...outcome.notReplayed]));
  const notReplayed = new Map<string, string[]>();
  const all = loadRecording(file);
  for (const [index, { name }] of all.entries()) {
    if (replayed.has(index)) continue;
    const reason = file.startsWith('v6.5.12-unistore')
      ? OTHER_STORES
      : (reasons.get(index) ?? 'forgotten');
    notReplayed.set(reason, [...(notReplayed.get(reason) ?? []), `${index} ${name}`]);
  }
  return {
    entries: all.length,
    replayed: replayed.size,
    notReplayed: Object.fromEntries(notReplayed),
  };
}
