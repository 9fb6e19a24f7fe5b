import { canonicalJson, isHttpRequest, toRequestContent } from 'operator-core';
import type { PlannedRequest, TargetedRequest } from 'operator-core';

/** Parts of a request that decide whether a dispatcher may send it. */
export interface RequestLine {
  readonly method: string;
  /** `http://host:port`; empty when what was asked for has none. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** `null` when there is none; `undefined` when it is a stream or something else without known bytes. */
  readonly body: Uint8Array | null | undefined;
}

/**
 * The right to send one planned request once, to an origin of its target. It is used up when the request starts on a socket, and
 * comes back when connecting failed before that, so that another endpoint may be tried.
 */
export class WritePermit {
  readonly #request: TargetedRequest;
  readonly #body: Buffer;
  readonly #endsAt: number;
  readonly #look: () => Promise<void>;
  #isHalted = false;
  #state: 'free' | 'reserved' | 'started' | 'revoked' = 'free';

  /** `endsAt`, by `performance.now()`: from then on another runner may have the right to send. */
  constructor(request: TargetedRequest, endsAt: number, look: () => Promise<void>) {
    this.#request = request;
    this.#look = look;
    this.#body = toBytes(request);
    this.#endsAt = endsAt;
  }

  /** Reason for which an allowed request may no longer start: its time ran out, or the run was stopped. */
  get end(): 'late' | 'halted' | null {
    if (this.#state === 'started') return null;
    if (this.#isHalted) return 'halted';
    return performance.now() >= this.#endsAt ? 'late' : null;
  }

  /** True when the request may still start. */
  get isFree(): boolean {
    return this.#state === 'free';
  }

  /** True when the request ever started on a socket. */
  get hasStarted(): boolean {
    return this.#state === 'started';
  }

  /** Origins, any one of which may take the request. */
  get target(): readonly string[] {
    return this.#request.target;
  }

  /** Takes the permit for a planned request of another protocol, when it is free and the request is the planned one. */
  reserveFor(request: TargetedRequest): boolean {
    if (this.#state !== 'free' || !this.covers(request)) return false;
    this.#state = 'reserved';
    return true;
  }

  /** True when the request is the planned one and does not go by HTTP. */
  covers(request: TargetedRequest): boolean {
    if (isHttpRequest(request) || isHttpRequest(this.#request)) return false;
    return contentOf(request) === contentOf(this.#request);
  }

  /** Looks whether the run may still send, as the ledger has it now; a run that may not is halted. */
  async look(): Promise<void> {
    await this.#look();
  }

  /** Takes the permit for `line`, when it is free and the request is byte for byte the planned one. */
  reserve(line: RequestLine): boolean {
    if (this.#state !== 'free' || !this.matches(line)) return false;
    if (!this.target.includes(line.origin)) return false;
    this.#state = 'reserved';
    return true;
  }

  /** Called when the request is about to be written; `false` when it is no longer allowed. */
  start(): boolean {
    if (this.#state !== 'reserved' || this.end !== null) return false;
    this.#state = 'started';
    return true;
  }

  /** Gives the permit back when the request failed before it started. */
  giveBack(): void {
    if (this.#state === 'reserved') this.#state = 'free';
  }

  /** The run was stopped: what still waits for a connection never starts. */
  halt(): void {
    this.#isHalted = true;
  }

  /** Ends the permit: what has not started by now never will. */
  revoke(): void {
    if (this.#state !== 'started') this.#state = 'revoked';
  }

  /** True when the request is byte for byte the planned one, at any endpoint. */
  matches({ method, path, body }: RequestLine): boolean {
    if (!isHttpRequest(this.#request)) return false;
    const isSameLine = method === this.#request.method && path === this.#request.path;
    return isSameLine && body !== undefined && this.#body.equals(body ?? Buffer.alloc(0));
  }
}

function contentOf(request: TargetedRequest): string {
  return canonicalJson(toRequestContent(request));
}

/** Bytes of the body of a planned request; none for another protocol. */
export function toBytes(request: PlannedRequest): Buffer {
  return isHttpRequest(request)
    ? Buffer.from(request.body ?? '', request.encoding ?? 'utf8')
    : Buffer.alloc(0);
}
