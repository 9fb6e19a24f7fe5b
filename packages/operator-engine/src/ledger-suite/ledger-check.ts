import type { Expect } from './expect.ts';
import type { Runner } from '../ledger/actor.ts';
import type { ClaimAnswer, RunLimits } from '../ledger/claim.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerLimits } from '../ledger/ledger-limits.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import type { NewRun } from '../ledger/runs.ts';
import type { RunState } from '../ledger/run-state.ts';
import { allow, ann, planOf, runner } from './plans.ts';
import type { PlanOptions } from './plans.ts';
import { TestClock } from './test-clock.ts';

/** Opens a ledger on a store; the same store each time. */
export type Opener = (options: {
  clock: TestClock;
  limits?: Partial<LedgerLimits>;
}) => Promise<Ledger>;

/** One promise of the ledger, as data: any runner of tests can play it. */
export interface LedgerCheck {
  readonly id: string;
  readonly title: string;
  run(desk: Desk, expect: Expect): Promise<void>;
}

/** A fresh ledger, a clock, and the calls that checks make again and again. */
export class Desk {
  readonly clock: TestClock;
  readonly ledger: Ledger;
  readonly #open: Opener;
  readonly #others: Ledger[] = [];

  constructor(open: Opener, parts: { clock: TestClock; ledger: Ledger }) {
    this.#open = open;
    this.clock = parts.clock;
    this.ledger = parts.ledger;
  }

  static async open(open: Opener): Promise<Desk> {
    const clock = new TestClock();
    return new Desk(open, { clock, ledger: await open({ clock }) });
  }

  /** The same store, as another process sees it. */
  async another(clock: TestClock = this.clock): Promise<Ledger> {
    const ledger = await this.#open({ clock });
    this.#others.push(ledger);
    return ledger;
  }

  async planned(plan: PlanOptions = {}, request: Partial<NewRun> = {}): Promise<RunRecord> {
    const whole = { plan: planOf(plan), requester: ann, expiresInMs: 3_600_000, ...request };
    const { created, run } = await this.ledger.runs.create(whole);
    if (!created) throw new Error(`It was to be a new run, and is run ${run.id}`);
    return run;
  }

  async approved(plan: PlanOptions = {}, request: Partial<NewRun> = {}): Promise<RunRecord> {
    const { id } = await this.planned(plan, request);
    return (await this.ledger.runs.decide(id, allow, ann)).run;
  }

  async claim(runId: string, by: Runner = runner('r1'), limits?: RunLimits): Promise<ClaimAnswer> {
    const terms = { runner: by, decision: allow };
    return this.ledger.runs.claim(runId, limits === undefined ? terms : { ...terms, limits });
  }

  /** A run that is executing, and its fence. */
  async claimed(
    plan: PlanOptions = {},
    options: { by?: Runner; request?: Partial<NewRun> } = {},
  ): Promise<{ id: string; fence: number }> {
    const { id } = await this.approved(plan, options.request);
    return { id, fence: fenceOf(await this.claim(id, options.by)) };
  }

  /** A run that has sent its only request and is in a state. */
  async ended(
    to: RunState,
    plan: PlanOptions = {},
    request: Partial<NewRun> = {},
  ): Promise<{ id: string; fence: number }> {
    const run = await this.claimed(plan, { request });
    const { runs } = this.ledger;
    await runs.intend(run.id, { fence: run.fence, index: 0 });
    const accepted = { outcome: 'accepted', status: 200, answer: 'done' } as const;
    await runs.recordResult(run.id, { fence: run.fence, index: 0 }, accepted);
    await runs.move(run.id, { fence: run.fence, to: 'verifying' });
    if (to !== 'verifying') await runs.move(run.id, { fence: run.fence, to });
    return run;
  }

  async stateOf(runId: string): Promise<RunState> {
    return (await this.ledger.runs.get(runId)).state;
  }

  /** The audit of a run, in short. */
  async story(runId: string): Promise<string[]> {
    const entries = await this.ledger.runs.events(runId);
    return entries.map(({ kind, details }) =>
      kind === 'run_moved' ? `${textOf(details['from'])} → ${textOf(details['to'])}` : kind,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.ledger, ...this.#others].map((ledger) => ledger.close()));
  }
}

/** The fence of a claim that must have come through. */
export function fenceOf(answer: ClaimAnswer): number {
  if (answer.outcome === 'claimed') return answer.fence;
  throw new Error(`It was to be claimed, and came to ${JSON.stringify(answer)}`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
