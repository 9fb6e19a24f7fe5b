import type { JsonValue } from '../json/json.ts';

/**
 * Something that the caller may ask for next, as data: `{ operation: 'observe', observation: 'stores' }`. A command
 * line turns it into a command, another host into a link or a call. A member that is `null` is for the caller to choose.
 *
 * Plugins name `observe`, `plan`, `run` and `verify` (with `observation` or `action`, and `parameters`) and `doctor`.
 * The operations of the engine itself stand in `operator-engine`.
 */
export interface NextOperation {
  /** Name of the operation, snake_case. */
  readonly operation: string;
  readonly [parameter: string]: JsonValue;
}

/** Advice to the caller of something that failed. Made by {@link advise}. */
export interface Remedy {
  /** One sentence. It names each operation of `next` in backticks: ``List the stores: `observe stores`.`` */
  readonly text: string;
  /** The operations that `text` names, in its order. */
  readonly next: readonly NextOperation[];
}

/**
 * Tag that makes a {@link Remedy}: an operation that is filled in is named in the text and listed in `next`, and a
 * remedy that is filled in brings its own.
 */
export function advise(
  texts: TemplateStringsArray,
  ...filled: readonly (NextOperation | Remedy | string | number)[]
): Remedy {
  const parts = filled.map(toPart);
  return {
    text: texts.map((text, index) => text + (parts[index]?.text ?? '')).join(''),
    next: parts.flatMap(({ next }) => next),
  };
}

/** A sentence without operations as a remedy; a remedy as it is. */
export function toRemedy(given: string | Remedy): Remedy {
  return typeof given === 'string' ? { text: given, next: [] } : given;
}

/** The text of a remedy with other words for its operations, as a command line has them. */
export function wordRemedy(
  { text, next }: Remedy,
  toWords: (operation: NextOperation) => string,
): string {
  let done = '';
  let rest = text;
  for (const operation of next) {
    const name = nameOperation(operation);
    const at = rest.indexOf(name);
    if (at < 0) continue;
    done += `${rest.slice(0, at)}\`${toWords(operation)}\``;
    rest = rest.slice(at + name.length);
  }
  return done + rest;
}

function toPart(filled: NextOperation | Remedy | string | number): Remedy {
  if (typeof filled !== 'object') return toRemedy(String(filled));
  return isOperation(filled) ? { text: nameOperation(filled), next: [filled] } : filled;
}

/** Name of an operation in a text: with its action or observation, where it has one. */
function nameOperation({ operation, action, observation }: NextOperation): string {
  const about = [action, observation].find((one) => typeof one === 'string');
  return about === undefined ? `\`${operation}\`` : `\`${operation} ${about}\``;
}

function isOperation(filled: NextOperation | Remedy): filled is NextOperation {
  return 'operation' in filled;
}
