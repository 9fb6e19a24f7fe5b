import type { ActionRegistry, Diagnosis, JsonObject, Plan, SystemIdentity } from 'operator-core';
import type { ConditionReading } from '../ledger/run-condition.ts';
import { foreseeFirst } from '../runs/submit/foresight.ts';
import type { Foresight } from '../runs/submit/foresight.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import type { SubmitResult, SubmitOptions } from '../runs/submit/submit-run.ts';
import type { RunOptions } from '../runs/execute-run.ts';
import { diagnoseSubject } from '../planning/diagnose-subject.ts';
import { identifySystem } from '../planning/draft-action.ts';
import { findNamed } from '../planning/find-named.ts';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';
import { ObservationRegistry } from '../subject/observation-registry.ts';
import { observeSubject } from '../subject/observe-subject.ts';
import type { ObservationResult } from '../subject/observe-subject.ts';
import { parseParameters } from '../planning/parameters.ts';
import type { TrustedPlan } from '../planning/trusted-plan.ts';
import { planAction } from '../planning/plan-action.ts';
import type { PlanningResult } from '../planning/planning-result.ts';
import { resolveCall } from '../planning/resolve-call.ts';
import type { RunEvent } from '../events/run-event.ts';
import type { RunResult, VerifyResult } from '../events/run-result.ts';
import { toRunEvent } from '../events/run-event.ts';
import { suggestConfig } from '../subject/suggest-config.ts';
import type { VerifyEvent, VerifyOptions } from '../verifying/verify-action.ts';

/** Options of every call that may wait. */
export interface GateCallOptions {
  /** Ends the call with `INTERRUPTED`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link GatedSubject.plan}. */
export interface PlanOptions extends GateCallOptions {
  /** Validity of the plan, in milliseconds. Default: the limit `planValidMs`. */
  readonly validForMs?: number | undefined;
  /** True when the caller wants the change itself, not only its plan: a refusal is then recorded in the audit. Default: false. */
  readonly isAskedFor?: boolean | undefined;
  /**
   * True when the plan is applied at once, without a question to a user. It is then sent by its own reading where policy allows it and
   * that reading began less than a second ago; else the system is read again. Default: false.
   */
  readonly isConfirmed?: boolean | undefined;
}

/** Options of {@link GatedSubject.apply}. */
export type ApplyOptions = SubmitOptions & RunOptions;

/** The plugin behind a subject. */
export interface SubjectPluginInfo {
  /** Its name in the configuration. */
  readonly specifier: string;
  /** File URL of the loaded plugin. */
  readonly location: string;
  readonly name: string;
  readonly description: string;
  readonly contract: string;
  /** Every refusal code of its plans, with its meaning. */
  readonly refusals: Readonly<Record<string, string>>;
}

/**
 * One subject behind the gate: the only way from a request to an effect. Listing and describing need
 * no connection; it connects when something has to be read for the first time. Only `submit`, `run` and
 * `apply` need the ledger.
 */
export class GatedSubject {
  readonly name: string;
  readonly plugin: SubjectPluginInfo;
  readonly actions: ActionRegistry;
  readonly observations: ObservationRegistry;
  readonly #context: GateContext;
  readonly #close: () => Promise<void>;

  constructor(context: GateContext, close: () => Promise<void>) {
    const { plugin, specifier, location } = context.loaded;
    const { name, description, contract, refusals } = plugin;
    this.name = context.subjectName;
    this.plugin = { specifier, location, name, description, contract, refusals };
    this.actions = context.actions;
    this.observations = new ObservationRegistry(plugin);
    this.#context = context;
    this.#close = close;
  }

  /** Identity reported by the running system. */
  async identify(options: GateCallOptions = {}): Promise<SystemIdentity> {
    const connection = await this.#context.connect(options.signal);
    return identifySystem(this.#context, connection, options.signal);
  }

  /**
   * Answers an observation. Throws `OBSERVATION_NOT_FOUND`, `PARAMETERS_INVALID` or the error of the read.
   */
  async observe(
    name: string,
    parameters: unknown,
    options: GateCallOptions = {},
  ): Promise<ObservationResult> {
    const { observations } = this.#context.loaded.plugin;
    const of = { code: 'OBSERVATION_NOT_FOUND', of: 'observation' } as const;
    const observation = findNamed(name, observations, of);
    const described = this.observations.getDefinition(name)?.parameters ?? {};
    const value = await parseParameters(
      { title: `observation ${name}`, schema: observation.parameters, parameters: described },
      parameters,
      { limitMs: this.#context.limits.readMs, signal: options.signal },
    );
    return observeSubject(this.#context, { observation, parameters: value }, options.signal);
  }

  /**
   * Reads a condition, as `SubmitOptions.until` takes it, once. Throws `CONDITION_INVALID`,
   * `OBSERVATION_NOT_FOUND` and `PARAMETERS_INVALID`; a failed read is an answer, not an error.
   */
  async readCondition(text: string, options: GateCallOptions = {}): Promise<ConditionReading> {
    const { readCondition, resolveCondition } = await import('./run-operations.ts');
    const condition = await resolveCondition(this.#context, text, options.signal);
    return readCondition(this.#context, condition, options.signal);
  }

  /** Plans an action. A refusal and nothing to do are answers; nothing is changed in the system. */
  async plan(
    action: string,
    parameters: unknown,
    options: PlanOptions = {},
  ): Promise<PlanningResult> {
    const call = await resolveCall(this.#context, { action, parameters }, options.signal);
    const planning = this.#planNamed(call, options);
    if (options.isAskedFor !== true) return planning;
    const { lookAtLeases, recordRefusedPlan, withGone } = await import('./run-operations.ts');
    await recordRefusedPlan(this.#context, action, planning);
    const planned = await planning;
    if (planned.kind !== 'nothing_to_do') return planned;
    // Nothing may be left to do because a leased effect is gone.
    const sights = await lookAtLeases(this.#context, options.signal);
    return withGone(planned, sights);
  }

  async #planNamed(call: ActionCall, options: PlanOptions): Promise<PlanningResult> {
    const planned = await planAction(this.#context, call, options);
    if (planned.kind !== 'refused') return planned;
    const { nameLease } = await import('./run-operations.ts');
    return nameLease(this.#context, planned);
  }

  /** Decision and obstacles (policy, locks, limits) for a plan now, before a run is submitted. Records nothing. */
  async foresee(plan: Plan, options: GateCallOptions = {}): Promise<Foresight> {
    const { services } = this.#context;
    if (!(await services.hasLedger())) return foreseeFirst(this.#context, plan, options.signal);
    const { foresee } = await import('./run-operations.ts');
    return foresee(this.#context, plan, options.signal);
  }

  /**
   * Lets policy decide about a plan and records it as a run. Sends nothing. The same plan, or the same
   * idempotency key, has one run for every caller. Throws `PLAN_INVALID`, `PLAN_DIGEST_MISMATCH`,
   * `PLAN_FOR_OTHER_SYSTEM`, `PLAN_EXPIRED`, `LEASE_NOT_POSSIBLE` and `IDEMPOTENCY_KEY_REUSED`.
   */
  async submit(plan: Plan, options: SubmitOptions = {}): Promise<SubmitResult> {
    const { submitRun } = await import('./run-operations.ts');
    return submitRun(this.#context, plan, options);
  }

  /**
   * Carries out a run that may start, as a stream of events, or follows it when another process carries it out.
   * It throws only while nothing has been sent; after that it always has a result, which is also the last
   * event. A caller that stops iterating releases the run in its recorded state.
   */
  async *run(runId: string, options: RunOptions = {}): AsyncGenerator<RunEvent, RunResult> {
    const { executeRun } = await import('./run-operations.ts');
    return yield* executeRun(this.#context, runId, options);
  }

  /**
   * Plans a document again from the system as it is now, to be shown to people before they apply it. Throws the
   * errors of `submit`, and `PLAN_STALE`.
   */
  async planAgain(
    document: Plan,
    options: Pick<SubmitOptions, 'secrets' | 'signal'> & Pick<PlanOptions, 'isConfirmed'> = {},
  ): Promise<TrustedPlan> {
    const { planAgain } = await import('./run-operations.ts');
    return planAgain(this.#context, document, options);
  }

  /**
   * The existing run of the same call with the same idempotency key, to be followed with `run`; `null` when
   * there is none. Throws `IDEMPOTENCY_KEY_REUSED`.
   */
  async recall(
    action: string,
    parameters: unknown,
    options: SubmitOptions,
  ): Promise<RunRecord | null> {
    const { recallRun } = await import('./run-operations.ts');
    return recallRun(this.#context, { action, parameters }, options);
  }

  /** Submits a plan and carries its run out. */
  async *apply(plan: Plan, options: ApplyOptions = {}): AsyncGenerator<RunEvent, RunResult> {
    const { created, run, decision } = await this.submit(plan, options);
    const source = { id: run.id, clock: this.#context.services.clock };
    yield toRunEvent(source, { kind: 'recorded', created, run });
    if (decision !== null) yield toRunEvent(source, { kind: 'decided', run, decision });
    const { executeRun } = await import('./run-operations.ts');
    return yield* executeRun(this.#context, run.id, { ...options, plan });
  }

  /** Looks for the effect of an action, of any cause: once, or until `timeoutMs` has passed. */
  async *verify(
    action: string,
    parameters: unknown,
    options: VerifyOptions = {},
  ): AsyncGenerator<VerifyEvent, VerifyResult> {
    const call = await resolveCall(this.#context, { action, parameters }, options.signal);
    const { verifyAction } = await import('./run-operations.ts');
    return yield* verifyAction(this.#context, call, options);
  }

  /** Findings about the connection and the system. Throws only when interrupted. */
  async diagnose(options: GateCallOptions = {}): Promise<readonly Diagnosis[]> {
    return diagnoseSubject(this.#context, options.signal);
  }

  /** Keys of the subject's configuration with the values that the running system recommends. */
  async suggestConfig(options: GateCallOptions = {}): Promise<JsonObject> {
    return suggestConfig(this.#context, options.signal);
  }

  /** Releases everything. May be called twice. */
  async close(): Promise<void> {
    await this.#close();
  }
}
