import type { Engine, Lease, RunRecord, RunState } from 'operator-engine';
import type { Invocation } from '../command/command.ts';
import { formatNext } from '../command/format-next.ts';
import { OPEN_LEASE_STATES } from '../output/lease-view.ts';
import { printableLine } from '../output/printable.ts';
import { withEngine } from '../command/with-engine.ts';
import type { Suggestion } from '../errors/suggestion.ts';

const MOST = 3;
const LOOKED_AT = 200;
const LAST: readonly string[] = ['last', 'latest', 'newest', 'previous', '-1', '@last'];

/** The runs that a command can be about. Absent: any. */
const STATES: Readonly<Record<string, readonly RunState[]>> = {
  undo: ['succeeded', 'partly_done', 'ineffective', 'unknown'],
  cancel: ['planned', 'awaiting_approval', 'approved', 'executing', 'verifying'],
  approve: ['awaiting_approval'],
  reject: ['awaiting_approval'],
};

/**
 * The commands with the ids of the runs that a text may mean: the last one, the beginning of an id, an action,
 * or the resource of a lease. Creates no ledger.
 */
export async function suggestRuns(
  engine: Engine,
  invocation: Invocation,
  text: string,
): Promise<readonly Suggestion[]> {
  if (!(await engine.hasLedger())) return [];
  const { name } = invocation.command;
  if (name.startsWith('lease ')) {
    const leases = await engine.leases.list({ states: OPEN_LEASE_STATES });
    return pick(leases.toReversed(), text, isLeaseMeant).map((lease) => ({
      command: formatNext(invocation, [...name.split(' '), lease.runId]),
      purpose: `is about ${printableLine(`${lease.effect} on ${lease.resource} of ${lease.subject}`)}`,
    }));
  }
  const runs = await listMeant(engine, name);
  return pick(runs, text, isRunMeant).map((run) => ({
    command: formatNext(invocation, [...name.split(' '), run.id]),
    purpose: `is about ${printableLine(run.summary)} (${run.state})`.replace(/\.\s\(/u, ' ('),
  }));
}

/** The same for a command that has not opened the engine; none when it cannot be opened. */
export async function suggestRunsOf(
  invocation: Invocation,
  text: string,
): Promise<readonly Suggestion[]> {
  try {
    return await withEngine(invocation, async (engine) => suggestRuns(engine, invocation, text));
  } catch {
    return [];
  }
}

/** The runs that a command can be about, newest first. Creates no ledger. */
export async function listMeant(engine: Engine, command: string): Promise<readonly RunRecord[]> {
  if (!(await engine.hasLedger())) return [];
  const states = STATES[command];
  const runs = await engine.runs.list({
    limit: LOOKED_AT,
    ...(states === undefined ? {} : { states }),
  });
  return command === 'undo' ? runs.filter(({ purpose }) => purpose.kind === 'change') : runs;
}

function pick<One>(
  all: readonly One[],
  text: string,
  isMeant: (one: One, text: string) => boolean,
): readonly One[] {
  if (LAST.includes(text.toLowerCase())) return all.slice(0, 1);
  return all.filter((one) => isMeant(one, text)).slice(0, MOST);
}

function isRunMeant({ id, action }: RunRecord, text: string): boolean {
  const wanted = text.replaceAll('-', '_').toLowerCase();
  return isStartOf(text, id) || action === wanted || action.split('_').includes(wanted);
}

function isLeaseMeant({ runId, resource, effect }: Lease, text: string): boolean {
  return isStartOf(text, runId) || effect === text || isResource(text, resource);
}

/** `store:4`, `store 4`, `store=4` and `4` all mean `store:4`. */
function isResource(text: string, resource: string): boolean {
  const [, id = resource] = resource.split(':', 2);
  return text === id || text.replace(/[ =/-]/u, ':') === resource;
}

function isStartOf(text: string, id: string): boolean {
  return text.length >= 3 && id.startsWith(text.toLowerCase());
}
