import type { Engine } from 'operator-engine';
import type { Invocation } from '../command/command.ts';
import { formatNext } from '../command/format-next.ts';
import { withEngine, withSubject } from '../command/with-engine.ts';
import { suggestCalls } from './meant-call.ts';
import { listMeant } from './meant-run.ts';
import type { Suggestion } from '../errors/suggestion.ts';

/** A command for the word of another tool; `RUN` becomes the id of a suitable run. */
type Meaning = readonly [words: string, purpose: string];

const STATUS: readonly Meaning[] = [
  ['runs', 'lists what is under way and what was done'],
  ['doctor', 'finds problems of configuration, ledger and system'],
  ['leases', 'lists what stays in force'],
];
const KILL: readonly Meaning[] = [
  ['cancel RUN', 'ends this run'],
  ['stop', 'stops every run of every process'],
];
const HISTORY: readonly Meaning[] = [
  ['runs', 'lists the runs'],
  ['audit', 'lists all changes with their users'],
];
const UNDO: readonly Meaning[] = [['undo RUN', 'undoes this run']];
const PAUSE: readonly Meaning[] = [
  ['stop', 'stops every run of every process'],
  ['mode set guarded --reason WHY', 'lets nothing run without an approval'],
];

const WORDS: Readonly<Record<string, readonly Meaning[]>> = {
  status: STATUS,
  state: STATUS,
  health: STATUS,
  ps: STATUS,
  info: STATUS,
  kill: KILL,
  abort: KILL,
  terminate: KILL,
  halt: KILL,
  pause: PAUSE,
  freeze: PAUSE,
  unstop: [['resume', 'lifts the kill switch']],
  unpause: [['resume', 'lifts the kill switch']],
  start: [['resume', 'lifts the kill switch']],
  continue: [['resume', 'lifts the kill switch']],
  log: HISTORY,
  logs: HISTORY,
  history: HISTORY,
  list: HISTORY,
  ls: HISTORY,
  events: HISTORY,
  show: [['runs show RUN', 'shows this run'], ...HISTORY.slice(0, 1)],
  rollback: UNDO,
  revert: UNDO,
  back: UNDO,
  daemon: [['watch', 'ends leases, recovers runs and starts approved ones until it is ended']],
  serve: [['watch', 'ends leases, recovers runs and starts approved ones until it is ended']],
  pending: [['approvals', 'lists the runs that wait for an approval']],
  accept: [['approve RUN', 'consents to this run']],
  confirm: [['approve RUN', 'consents to this run']],
  deny: [['reject RUN', 'refuses this run']],
  check: [['doctor', 'finds problems of configuration, ledger and system']],
  setup: [['init', 'writes a configuration']],
  get: [['observations', 'lists what can be observed']],
};

/** Suggestion for a word that is no command: a word of another tool, an action, or an observation. */
export async function suggestCommands(
  word: string,
  invocation: Invocation,
): Promise<readonly Suggestion[]> {
  const meanings = WORDS[word.toLowerCase()];
  if (meanings !== undefined) return fillRuns(meanings, invocation);
  try {
    return await withSubject(invocation, async (subject) =>
      suggestCalls(subject, word, invocation),
    );
  } catch {
    // Without a usable configuration there are no actions to suggest.
    return [];
  }
}

async function fillRuns(
  meanings: readonly Meaning[],
  invocation: Invocation,
): Promise<readonly Suggestion[]> {
  const commands = meanings.map(([words]) => words.split(' '));
  const ids = await newestIds(commands, invocation);
  return meanings.map(([, purpose], at) => {
    const id = ids[at] ?? 'RUN';
    const words = (commands[at] ?? []).map((word) => (word === 'RUN' ? id : word));
    return { command: formatNext(invocation, words), purpose };
  });
}

/**
 * The newest run that each command can be about, by position; none when no run fits. Opens the engine once.
 */
async function newestIds(
  commands: readonly (readonly string[])[],
  invocation: Invocation,
): Promise<readonly (string | undefined)[]> {
  if (!commands.some((words) => words.includes('RUN'))) return [];
  try {
    return await withEngine(invocation, async (engine) =>
      Promise.all(commands.map(async (words) => newestId(engine, words))),
    );
  } catch {
    return [];
  }
}

async function newestId(
  engine: Engine,
  [command = '', ...words]: readonly string[],
): Promise<string | undefined> {
  return words.includes('RUN') ? (await listMeant(engine, command))[0]?.id : undefined;
}
