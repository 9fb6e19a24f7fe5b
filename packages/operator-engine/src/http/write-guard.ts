import { AsyncLocalStorage } from 'node:async_hooks';
import { toRequestTitle } from 'operator-core';
import type { OperatorError, TargetedRequest } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { isReadRequest, isReadStatement } from './declared-read.ts';
import type { Declarations } from './declared-read.ts';
import { WritePermit } from './write-permit.ts';
import type { RequestLine } from './write-permit.ts';

/** Verdict of the guard on a request. */
export type Admission =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly permit: WritePermit }
  | { readonly kind: 'denied'; readonly error: OperatorError };

/** Decides for one subject what may leave: reads, and what has a permit. */
export class WriteGuard {
  readonly #subjectName: string;
  readonly #declared: Declarations;
  readonly #permits = new Set<WritePermit>();
  readonly #logins: Pick<RequestLine, 'method' | 'path' | 'body'>[] = [];
  readonly #answered = new Set<string>();
  readonly #listeners = new Set<Set<string>>();
  /** True within a `write` of `spend`. */
  readonly #spending = new AsyncLocalStorage<true>();
  #lastDenial: OperatorError | null = null;
  #denials = 0;

  constructor(subjectName: string, declared: Declarations) {
    this.#subjectName = subjectName;
    this.#declared = declared;
  }

  /** Number of denied requests so far; a higher number after a call means that it tried. */
  get denials(): number {
    return this.#denials;
  }

  /** The error of the last request that was denied. */
  get lastDenial(): OperatorError | null {
    return this.#lastDenial;
  }

  /**
   * Origins that answered a read with success while `work` ran; if it needed no answer, those that answered
   * before. Sorted.
   */
  async answering<Value>(
    work: () => Promise<Value>,
  ): Promise<{ readonly value: Value; readonly origins: readonly string[] }> {
    const heard = new Set<string>();
    this.#listeners.add(heard);
    try {
      const value = await work();
      const origins = heard.size > 0 ? heard : this.#answered;
      return { value, origins: [...origins].toSorted() };
    } finally {
      this.#listeners.delete(heard);
    }
  }

  /** Remembers that an origin answered a read with success. */
  answered(origin: string): void {
    for (const set of [this.#answered, ...this.#listeners]) set.add(origin);
  }

  /** Lets exactly this request through, once, until the permit is revoked or has ended. */
  permit(
    request: TargetedRequest,
    endsAt: number,
    look: (permit: WritePermit) => Promise<void> = async () => {},
  ): WritePermit {
    const permit: WritePermit = new WritePermit(request, endsAt, async () => look(permit));
    this.#permits.add(permit);
    return permit;
  }

  /** Ends a permit. */
  revoke(permit: WritePermit): void {
    permit.revoke();
    this.#permits.delete(permit);
  }

  /**
   * Runs `write` for a planned request of another protocol, once. The ledger is asked again first: the right to send
   * may have ended since it was given.
   */
  async spend<Value>(request: TargetedRequest, write: () => Promise<Value>): Promise<Value> {
    const permit = [...this.#permits].find((one) => one.reserveFor(request));
    if (permit === undefined) throw this.#denySpending(request);
    await permit.look();
    if (permit.start()) return this.#spending.run(true, write);
    throw permit.end === null
      ? this.#denySpending(request)
      : this.expire(toRequestTitle(request), permit.end);
  }

  /** Throws for a statement that is no declared read, outside of `spend`. */
  admitStatement(statement: { readonly protocol: string; readonly name: string }): void {
    if (isReadStatement(this.#declared, statement) || this.#spending.getStore() === true) return;
    const { protocol, name } = statement;
    throw this.#remember(
      createEngineError('WRITE_WHILE_READING', {
        message: `The plugin of subject ${this.#subjectName} tried to send the statement ${protocol} ${name}, which is no declared read and no planned request of this moment. It was stopped before a byte left.`,
        remedy:
          'Tell the author of the plugin: changes are requests of a plan and are sent by `host.spend`; reads are declared in `reads`.',
        facts: { subject: this.#subjectName, protocol, name },
      }),
    );
  }

  admit(line: RequestLine): Admission {
    for (const permit of this.#permits) {
      if (permit.reserve(line)) return { kind: 'write', permit };
    }
    // The planned request of this moment never passes as a read, which would leave as often as it is asked for.
    const isPlanned = [...this.#permits].some((permit) => permit.matches(line));
    const isRead = !isPlanned && (isReadRequest(this.#declared, line) || this.#isLogin(line));
    return isRead ? { kind: 'read' } : { kind: 'denied', error: this.deny(line) };
  }

  /** The error for a request that may not leave; it is remembered even if the plugin swallows it. */
  deny(line: RequestLine): OperatorError {
    const { method, path, origin } = line;
    const planned = [...this.#permits].find((permit) => permit.matches(line));
    const isElsewhere = planned !== undefined && !planned.target.includes(origin);
    const why = isElsewhere
      ? `to ${origin}, which is not in the target of the plan (${planned.target.join(', ')})`
      : 'which is not a planned request of this moment';
    return this.#remember(
      createEngineError('WRITE_WHILE_READING', {
        message: `The plugin of subject ${this.#subjectName} tried to send ${method} ${path}, ${why}. It was stopped before a byte left.`,
        remedy:
          'Tell the author of the plugin: changes are requests of a plan and go to its target; reads are declared in `reads`.',
        facts: {
          subject: this.#subjectName,
          method,
          path,
          ...(isElsewhere ? { origin, target: [...planned.target] } : {}),
        },
      }),
    );
  }

  /** The error for a request to an origin that the plugin did not declare when it opened its HTTP. */
  denyOrigin({ method, path, origin }: RequestLine, declared: readonly string[]): OperatorError {
    return this.#remember(
      createEngineError('ORIGIN_NOT_DECLARED', {
        message: `The plugin of subject ${this.#subjectName} tried to send ${method} ${path} to ${origin}, and declared only ${declared.join(', ')}. It was stopped before a byte left.`,
        remedy: 'Correct the URL if a server redirects; else tell the author of the plugin.',
        facts: { subject: this.#subjectName, method, path, origin, declared: [...declared] },
      }),
    );
  }

  /** The error for a request by a version of undici that the dispatcher of the host does not understand. */
  explainVersion(): OperatorError {
    return createEngineError('PLUGIN_MISBEHAVED', {
      message: `The plugin of subject ${this.#subjectName} sends by the \`request\` of undici 7 or older; the HTTP of this host is one of undici 8. Nothing was sent.`,
      remedy: 'Tell the author of the plugin: it needs `undici` ^8 in its dependencies.',
      facts: { subject: this.#subjectName, undici: '8' },
    });
  }

  /** Lets exactly this request through as a read: the login of a client of the host. */
  allowLogin(line: Pick<RequestLine, 'method' | 'path' | 'body'>): void {
    this.#logins.push(line);
  }

  /** True when a permit for exactly this request has not been used. */
  canSend(line: RequestLine): boolean {
    return [...this.#permits].some((permit) => permit.isFree && permit.matches(line));
  }

  /** The error for a planned request whose permission expired or whose run was stopped. */
  expire(request: string, end: 'late' | 'halted'): OperatorError {
    const why =
      end === 'late'
        ? 'its permission to send expired before it started'
        : 'the run was stopped while it waited for its connection';
    return createEngineError('NOT_SENT', {
      message: `${request} was not sent: ${why}.`,
      remedy: 'Plan again when the machine and the system answer in time.',
      facts: { subject: this.#subjectName, request },
      retryable: true,
    });
  }

  #denySpending(request: TargetedRequest): OperatorError {
    const isSpent = [...this.#permits].some((permit) => permit.covers(request));
    const why = isSpent
      ? 'which was spent before'
      : 'which is not the planned request of this moment';
    const title = toRequestTitle(request);
    return this.#remember(
      createEngineError('WRITE_WHILE_READING', {
        message: `The plugin of subject ${this.#subjectName} tried to spend ${title}, ${why}. It was stopped before a byte left.`,
        remedy: 'Tell the author of the plugin: `send` spends the request that it was given, once.',
        facts: { subject: this.#subjectName, request: title },
      }),
    );
  }

  #isLogin({ method, path, body }: RequestLine): boolean {
    const bytes = Buffer.from(body ?? '');
    return this.#logins.some(
      (one) =>
        one.method === method && one.path === path && bytes.equals(Buffer.from(one.body ?? '')),
    );
  }

  #remember(denial: OperatorError): OperatorError {
    this.#denials += 1;
    this.#lastDenial = denial;
    return denial;
  }
}
