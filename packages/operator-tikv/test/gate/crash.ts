import type { JsonObject } from 'operator-core';
import { NOW, openArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { findLies } from './find-lies.ts';
import type { Stage } from './pd-proxy.ts';
import { BEFORE, JUST_NOW, LATER } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';
import { settle } from './settle.ts';
import type { Settling } from './settle.ts';
import type { Site } from './site.ts';
import { startWorker } from './start-worker.ts';
import type { Worker } from './start-worker.ts';
import type { Step } from './worker-task.ts';

/** Where a process can be killed: at a point of its own, or while a change is on its way. */
export type Point =
  | { readonly kind: 'code'; readonly label: string; readonly occurrence: number }
  | {
      readonly kind: 'wire';
      /** Which of the process's changes, from 0. */
      readonly change: number;
      readonly at: 'arrived' | 'answered' | 'half';
      /** Whether what had arrived is carried out after all, when everybody has looked for it. */
      readonly isLate: boolean;
    };

/** The points and changes of a process that is not killed. */
export interface Rehearsal {
  readonly points: readonly Point[];
  /** The same, but of points between which nothing was written and nothing was sent only the first. */
  readonly different: readonly Point[];
  /** As `planned → approved`. */
  readonly transitions: readonly string[];
  /** Kinds of events that it told. */
  readonly events: readonly string[];
  /** Codes of what it threw. */
  readonly thrown: readonly (string | null)[];
}

interface Stood {
  readonly point: Point;
  /** What everybody else can see of the process. */
  readonly trace: string;
  /** The number of the last entry of the audit. */
  readonly entry: number;
}

/** Plays a scenario without killing its process, and notes where it can be killed. */
export async function rehearse(scenario: Scenario): Promise<Rehearsal> {
  const arena = await openArena(scenario.options);
  try {
    const { steps, first } = await begin(arena, scenario);
    const watcher = await arena.engine(BEFORE);
    const ledger = await watcher.openLedger();
    const lastEntry = async (): Promise<number> =>
      (await ledger.audit.latest({}, { limit: 1 }))[0]?.sequence ?? 0;
    const before = await lastEntry();
    const worker = startWorker(arena.task(steps, BEFORE, 'asked'));
    const stood: Stood[] = [];
    await pace(worker, async (point) => {
      const entry = await lastEntry();
      stood.push({ point, entry, trace: `${entry} ${arena.proxy.changes().length}` });
      return true;
    });
    const entries = (await ledger.audit.list({}, { after: before, limit: 1_000 })).filter(
      ({ kind }) => kind === 'run_moved',
    );
    const changes = arena.proxy.changes().length - first;
    const last = entries.at(-1)?.sequence ?? 0;
    const isChosen = chooser(scenario, { last, before });
    const code = stood.filter(isChosen);
    const wire = scenario.points === 'every' ? wirePoints(changes) : [];
    return {
      points: [...code.map(({ point }) => point), ...wire],
      different: [...dedupe(code).map(({ point }) => point), ...wire],
      transitions: entries.map(({ details }) => toTransition(details)),
      events: worker.said.flatMap((said) => (said.kind === 'event' ? [said.event] : [])),
      thrown: worker.said.flatMap((said) => (said.kind === 'thrown' ? [said.code] : [])),
    };
  } finally {
    await arena.close();
  }
}

/** Of what is about its end: where it stands right before and right after its last transition. */
function chooser(
  { points }: Scenario,
  { last, before }: { last: number; before: number },
): (stood: Stood, index: number, all: readonly Stood[]) => boolean {
  if (points === 'every') return ({ entry }) => entry > before;
  return ({ entry }, index, all) => {
    const next = all[index + 1];
    return (entry < last && next !== undefined && next.entry >= last) || entry >= last;
  };
}

function toTransition({ from, to }: JsonObject): string {
  return typeof from === 'string' && typeof to === 'string' ? `${from} → ${to}` : '';
}

function dedupe(stood: readonly Stood[]): readonly Stood[] {
  return stood.filter(({ trace }, index) => trace !== stood[index - 1]?.trace);
}

function wirePoints(changes: number): readonly Point[] {
  return Array.from({ length: changes }, (_, change): readonly Point[] => [
    { kind: 'wire', change, at: 'arrived', isLate: false },
    { kind: 'wire', change, at: 'arrived', isLate: true },
    { kind: 'wire', change, at: 'answered', isLate: false },
    { kind: 'wire', change, at: 'half', isLate: false },
  ]).flat();
}

/** Kills a process at a point, lets another one settle what it has left, and finds what is not true then. */
export async function crash(
  scenario: Scenario,
  point: Point,
  by: Settling,
): Promise<readonly string[]> {
  const arena = await openArena(scenario.options);
  try {
    const { steps, first } = await begin(arena, scenario);
    const isLate = point.kind === 'wire' && point.isLate;
    const task = arena.task(steps, isLate ? JUST_NOW : BEFORE, 'asked');
    const late = await kill(arena, startWorker(task), { point, first });
    if (late !== null) {
      // All have looked before it comes: none of them may have excluded it.
      arena.sim.clock.advance(120_000);
      await (await arena.engine()).runs.recover();
      await late();
    }
    const engine = await settle(arena, by, isLate ? LATER : NOW);
    const purpose = purposeOf(steps);
    return await findLies(arena, engine, { purpose, isThere: scenario.isThere });
  } catch (error) {
    return [String(error)];
  } finally {
    await arena.close();
  }
}

/** For people: where it was killed. */
export function describe(point: Point): string {
  if (point.kind === 'code') return `${point.label} (${point.occurrence})`;
  const late = point.isLate ? ', carried out later' : '';
  return `change ${point.change} ${point.at}${late}`;
}

async function begin(
  arena: Arena,
  scenario: Scenario,
): Promise<{ steps: readonly Step[]; first: number }> {
  const steps = await scenario.prepare(arena);
  return { steps, first: arena.proxy.changes().length };
}

function purposeOf(steps: readonly Step[]): 'change' | 'undo' | 'lease_end' {
  if (steps.some((step) => step.do === 'undo')) return 'undo';
  return steps.some((step) => step.do === 'end_lease') ? 'lease_end' : 'change';
}

/** Lets a worker go on from point to point for as long as `mayGo`. */
export async function pace(
  worker: Worker,
  mayGo: (point: Point) => Promise<boolean>,
): Promise<boolean> {
  const counts = new Map<string, number>();
  for (let at = 0; ; at += 1) {
    const said = await worker.next(at);
    if (said === null) return true;
    if (said.kind !== 'at') continue;
    const occurrence = (counts.get(said.label) ?? 0) + 1;
    counts.set(said.label, occurrence);
    if (!(await mayGo({ kind: 'code', label: said.label, occurrence }))) return false;
    worker.go(said.number);
  }
}

/**
 * Kills a worker at a point; `first` changes came by before it began. What delivers the request that was
 * on its way, where that comes later.
 */
export async function kill(
  site: Site,
  worker: Worker,
  { point, first }: { point: Point; first: number },
): Promise<(() => Promise<void>) | null> {
  if (point.kind === 'code') {
    const isOver = await pace(worker, async (here) => {
      return (
        here.kind === 'code' &&
        !(here.label === point.label && here.occurrence === point.occurrence)
      );
    });
    if (isOver) throw neverCame(worker);
    await worker.kill();
    return null;
  }
  return killOnTheWire(site, worker, { point, first });
}

async function killOnTheWire(
  { proxy }: Site,
  worker: Worker,
  { point, first }: { point: Point & { kind: 'wire' }; first: number },
): Promise<(() => Promise<void>) | null> {
  const stage: Stage = point.at === 'arrived' ? 'arrived' : 'answered';
  const reached = Promise.withResolvers<true>();
  const verdict = Promise.withResolvers<'pass' | 'cut' | 'half'>();
  const forwarded = Promise.withResolvers<void>();
  const { toll } = proxy;
  proxy.toll = async (passing, at) => {
    const isIt = passing.isChange && proxy.changes().indexOf(passing) === first + point.change;
    if (isIt && at === 'answered') forwarded.resolve();
    if (!isIt || at !== stage) return toll(passing, at);
    reached.resolve(true);
    return verdict.promise;
  };
  const ended = pace(worker, async () => true).then(() => false);
  if (!(await Promise.race([reached.promise, ended]))) throw neverCame(worker);
  if (point.at === 'half') verdict.resolve('half');
  await worker.kill();
  if (!point.isLate) {
    verdict.resolve('cut');
    return null;
  }
  return async () => {
    verdict.resolve('pass');
    await forwarded.promise;
  };
}

function neverCame({ said }: Worker): Error {
  const thrown = said.filter(({ kind }) => kind === 'thrown');
  return new Error(`it never came there: ${JSON.stringify(thrown)}`);
}
