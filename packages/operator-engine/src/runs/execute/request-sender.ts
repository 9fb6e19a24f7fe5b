import { isHttpRequest, OperatorError, toRequestTitle } from 'operator-core';
import type { SendResult, TargetedRequest } from 'operator-core';
import { describeCause } from '../../errors/describe-cause.ts';
import type { WritePermit } from '../../http/write-permit.ts';
import type { EngineLimits } from '../../config/limits.ts';
import type { Journal, Permission } from './journal.ts';
import { judgeSend } from './judge-send.ts';
import type { LedgerStopCause } from './stop-cause.ts';
import type { SeenOfSending } from './judge-send.ts';
import { callPlugin } from '../../plugin/call-plugin.ts';
import { isAborted, joinSignals } from '../../base/signals.ts';
import { sendResultSchema } from '../../subject/answer-schemas.ts';
import type { Connection } from '../../subject/connection.ts';
import { capturedName, capturedOf, captureValues, fillCaptured } from '../../planning/captures.ts';
import { narrowTargets } from '../../planning/targeted-draft.ts';
import type { TargetedRequests } from '../../planning/targeted-draft.ts';
import { parseAnswer } from '../../subject/parse-answer.ts';
import type { TrustedPlan } from '../../planning/trusted-plan.ts';
import { requireSealed } from '../../planning/sealed-plan.ts';
import { redactError } from '../../secrets/redact-error.ts';
import { fillRequest, maskSecrets } from '../../secrets/secret-values.ts';
import type { SecretValues } from '../../secrets/secret-values.ts';

/** Sends the requests of one run, each journaled before and after, and with a permit of its own. */
export class RequestSender {
  readonly #connection: Connection;
  readonly #plan: TrustedPlan;
  readonly #checked: TargetedRequests;
  readonly #leaveBy: number;
  readonly #journal: Journal;
  readonly #limits: EngineLimits;
  readonly #callerId: string;
  readonly #secrets: SecretValues;
  readonly #signal: AbortSignal | undefined;
  readonly #confirmSystem: () => Promise<void>;
  #stopCause: LedgerStopCause | null = null;
  #violation: OperatorError | null = null;
  #hasBegun = false;
  readonly #missing = new Map<string, OperatorError>();

  constructor(
    connection: Connection,
    options: {
      /** Source of the requests, checked again before each one. */
      plan: TrustedPlan;
      /** The same requests from the re-check: a request goes only to a target that both allow. */
      checked: TargetedRequests;
      /** Time by which the first request must start, by `performance.now()`: later the re-check is too old. */
      leaveBy: number;
      journal: Journal;
      limits: EngineLimits;
      secrets: SecretValues;
      signal: AbortSignal | undefined;
      /** Reads the identity of the system; rejects when it is not the plan's system, or does not answer. */
      confirmSystem: () => Promise<void>;
    },
  ) {
    this.#plan = options.plan;
    this.#checked = options.checked;
    this.#leaveBy = options.leaveBy;
    this.#connection = connection;
    this.#journal = options.journal;
    this.#limits = options.limits;
    this.#callerId = `operator/${options.journal.runId}`;
    this.#secrets = options.secrets;
    this.#signal = options.signal;
    this.#confirmSystem = options.confirmSystem;
  }

  /** Reason for which no more may be sent; `null`: none. */
  get stopCause(): LedgerStopCause | null {
    return this.#stopCause;
  }

  /** Journal of each request so far. */
  get results(): readonly (SendResult | null)[] {
    return this.#journal.results;
  }

  /** Records that a request will be sent. Only `may_send` permits it. */
  async intend(index: number): Promise<Permission> {
    requireSealed(this.#plan);
    const permission = await this.#journal.intend(index);
    if (permission.kind !== 'may_send' && permission.kind !== 'settled')
      this.#stopCause = permission;
    return permission;
  }

  /** Sends the intended request once and records its result. An uncertain result is `unknown`. */
  async send(index: number, endsAt: number): Promise<SendResult> {
    const request = this.#fill(index);
    if (request === null) return this.#recordUnfilled(index);
    const look = async (permit: WritePermit): Promise<void> => this.#haltIfStopped(permit);
    // The later requests of a plan follow their own first one, and no reading.
    const startBy = this.#hasBegun ? endsAt : Math.min(endsAt, this.#leaveBy);
    const permit = this.#connection.guard.permit(request, startBy, look);
    const checkTimer = setInterval(() => void this.#haltIfStopped(permit), this.#limits.followMs);
    try {
      const answer = maskSecrets(await this.#send(request, permit), this.#secrets);
      const result = this.#capture(request, answer);
      await this.#journal.recordResult(index, result);
      return result;
    } finally {
      clearInterval(checkTimer);
      this.#hasBegun ||= permit.hasStarted;
    }
  }

  /** The request with captured values and secrets in their places; `null` where a value was not captured. */
  #fill(index: number): TargetedRequest | null {
    const request = this.#requestAt(index);
    try {
      const captured = capturedOf(this.#journal.results);
      return fillRequest(fillCaptured(request, captured), this.#secrets);
    } catch (error) {
      if (!OperatorError.isInstance(error)) throw error;
      this.#violation ??= this.#missing.get(capturedName(error) ?? '') ?? error;
      return null;
    }
  }

  async #recordUnfilled(index: number): Promise<SendResult> {
    const reason = this.#violation?.message ?? 'a value was not captured';
    const result = { outcome: 'not_sent', reason } as const;
    await this.#journal.recordResult(index, result);
    return result;
  }

  #capture(request: TargetedRequest, result: SendResult): SendResult {
    if (result.outcome !== 'accepted' || request.captures === undefined) return result;
    const { captured, missing } = captureValues(request, result.answer);
    // It is no fault until a request needs the value: the undo alone may have needed it.
    for (const [name, error] of missing) this.#missing.set(name, error);
    return Object.keys(captured).length === 0 ? result : { ...result, captured };
  }

  #requestAt(index: number): TargetedRequest {
    requireSealed(this.#plan);
    const request = narrowTargets(this.#plan.requests, this.#checked)[index];
    if (request === undefined) throw new Error(`the plan has no request at place ${index}`);
    return request;
  }

  /** Connecting may take long: a stop in that time must not be too late. */
  async #haltIfStopped(permit: WritePermit): Promise<void> {
    if (permit.hasStarted) return;
    const cause = await this.#journal.stopCause();
    if (cause === null) return;
    permit.halt();
    // A request that started in the meantime may arrive; only reading shows its result.
    if (!permit.hasStarted) this.#stopCause ??= cause;
  }

  /** Records that an intended request was not sent. */
  async giveUp(index: number, reason: string): Promise<void> {
    await this.#journal.recordResult(index, { outcome: 'not_sent', reason });
  }

  /** The error for which a request was not sent: of the plugin, of the system, or of a value that was not captured. */
  get violation(): OperatorError | null {
    return this.#violation;
  }

  async #send(request: TargetedRequest, permit: WritePermit): Promise<SendResult> {
    const { guard } = this.#connection;
    const denials = guard.denials;
    try {
      const doubt = await this.#doubtSystem();
      if (doubt !== null) return doubt;
      const answer = await this.#callSend(request);
      const said = parseAnswer(sendResultSchema(), answer, 'the answer of send');
      const { result, violation } = judgeSend(said, this.#seenOf(request, permit));
      this.#recordViolation(result, guard.denials > denials ? guard.lastDenial : violation);
      return result;
    } catch (error) {
      const reason = describeCause(error);
      const { result } = judgeSend({ outcome: 'unknown', reason }, this.#seenOf(request, permit));
      this.#recordViolation(result, guard.denials > denials ? guard.lastDenial : error);
      return result;
    } finally {
      guard.revoke(permit);
    }
  }

  /** A connection may have moved to another endpoint since the plan was checked again. */
  async #doubtSystem(): Promise<SendResult | null> {
    try {
      await this.#confirmSystem();
      return null;
    } catch (error) {
      if (!OperatorError.isInstance(error)) throw error;
      if (error.code === 'PLAN_FOR_OTHER_SYSTEM') this.#violation = error;
      return { outcome: 'not_sent', reason: describeCause(error) };
    }
  }

  #recordViolation(result: SendResult, error: unknown): void {
    if (result.outcome !== 'not_sent' || !OperatorError.isInstance(error)) return;
    if (error.kind === 'plugin') this.#violation = redactError(error, this.#connection.secrets);
  }

  async #callSend(request: TargetedRequest): Promise<unknown> {
    // The plugin is asked to stop, but may need a moment to report the result of the request.
    const late = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      timer = setTimeout(() => {
        late.abort();
      }, this.#limits.stopMs);
    };
    const asked = this.#signal ?? new AbortController().signal;
    asked.addEventListener('abort', onAbort, { once: true });
    if (isAborted(asked)) onAbort();
    const call = {
      what: `sending ${toRequestTitle(request)}`,
      limitMs: request.timeoutMs ?? this.#limits.sendMs,
      signal: late.signal,
    };
    try {
      return await callPlugin(call, (inner) =>
        this.#connection.subject.send(request, {
          callerId: this.#callerId,
          signal: joinSignals(asked, inner),
        }),
      );
    } finally {
      clearTimeout(timer);
      asked.removeEventListener('abort', onAbort);
    }
  }

  #seenOf(request: TargetedRequest, { hasStarted }: WritePermit): SeenOfSending {
    const isObserved = this.#connection.observes(request);
    return { hasStarted, isObserved, isByHttp: isHttpRequest(request) };
  }
}
