const MOST_NAMES = 3;

/**
 * The names that `name` was probably meant to be, nearest first, three at the most. Empty when
 * nothing is near: a wrong guess is worse than none.
 */
export function nearestNames(name: string, names: readonly string[]): readonly string[] {
  const wanted = comparable(name).slice(0, 100);
  return names
    .map((candidate) => ({ candidate, distance: distanceBetween(wanted, comparable(candidate)) }))
    .filter(({ candidate, distance }) => distance <= mostMistakes(candidate))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, MOST_NAMES)
    .map(({ candidate }) => candidate);
}

function comparable(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** A third of the letters, two at least, but never all of a short name: that would be another word. */
function mostMistakes(candidate: string): number {
  return Math.min(candidate.length - 1, Math.max(2, Math.floor(candidate.length / 3)));
}

/** Levenshtein distance, with a beginning or end left out counted as one mistake. */
function distanceBetween(wanted: string, candidate: string): number {
  const isPart = wanted.length >= 3 && (candidate.startsWith(wanted) || candidate.endsWith(wanted));
  if (isPart) return 1;
  let previous = Array.from({ length: candidate.length + 1 }, (_, index) => index);
  for (const [row, letter] of Array.from(wanted).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(candidate).entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
