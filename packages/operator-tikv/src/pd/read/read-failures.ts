import type { Endpoint } from '../http/endpoint-list.ts';
import { PDError } from '../wire/pd-error.ts';
import type { PDErrorCode } from '../wire/pd-error.ts';

/** Milliseconds that no endpoint may answer: a single PD that is restarted is back on its port after 1.4 s. */
const RESTART_MS = 3000;

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;

/** Reasons in order: the one that shows most about the state of the cluster is first. */
const BY_IMPORTANCE: readonly PDErrorCode[] = [
  'PD_NOT_BOOTSTRAPPED',
  'PD_NO_LEADER',
  'PD_RESPONSE_INVALID',
  'PD_TIMEOUT',
  'PD_TLS_FAILED',
  'PD_UNREACHABLE',
];

/** One endpoint's failure within a call. */
export interface ReadFailure {
  readonly error: PDError;
  /** True when the endpoint may be asked again within the call. */
  readonly mayRepeat: boolean;
  /** True when it only did not prove its cluster, and was not asked. Default: false. */
  readonly isDoubt?: boolean;
}

/** Failures of one call so far, and the time that waiting is worth. */
export class ReadFailures {
  readonly #byOrigin = new Map<string, ReadFailure>();
  readonly #startedAt = performance.now();
  readonly #electionMs: number;
  #waitMs = FIRST_WAIT_MS;

  /** Takes how long an election may last. */
  constructor(electionMs: number) {
    this.#electionMs = electionMs;
  }

  /** True when an endpoint of the cluster failed: the members may know more about that. */
  get hasReached(): boolean {
    return [...this.#byOrigin.values()].some(({ isDoubt }) => isDoubt !== true);
  }

  /** True when a member reported that there is no leader. */
  get isLeaderless(): boolean {
    return [...this.#byOrigin.values()].some(({ error }) => error.code === 'PD_NO_LEADER');
  }

  /** Milliseconds since the call began. */
  get waitedMs(): number {
    return performance.now() - this.#startedAt;
  }

  add(endpoint: Endpoint, failure: ReadFailure): void {
    this.#byOrigin.set(endpoint.origin, failure);
  }

  mayAsk(endpoint: Endpoint): boolean {
    return this.#byOrigin.get(endpoint.origin)?.mayRepeat ?? true;
  }

  /** Milliseconds to wait before the next round, or `null` when it is enough. */
  nextWait(): number | null {
    const failures = [...this.#byOrigin.values()].filter(({ mayRepeat }) => mayRepeat);
    const budget = failures.some(isElection)
      ? this.#electionMs
      : Math.min(RESTART_MS, this.#electionMs);
    const current = this.#waitMs;
    this.#waitMs = Math.min(current * 2, LONGEST_WAIT_MS);
    if (failures.length === 0) return null;
    return performance.now() - this.#startedAt + current > budget ? null : current;
  }

  /** The failure that shows most, with the others as facts. */
  toError(): PDError {
    const failures = [...this.#byOrigin.values()].toSorted((one, other) => rank(one) - rank(other));
    const error = failures[0]?.error;
    if (error === undefined) throw new Error('no endpoint was asked');
    if (failures.length === 1) return error;
    const endpoints = [...this.#byOrigin].map(([origin, failure]) => [
      origin,
      failure.error.message,
    ]);
    return new PDError({
      code: error.code,
      message: `none of ${failures.length} PD endpoints can be used: ${describeAll(failures)}`,
      remedy: error.remedy,
      status: error.status,
      pdCode: error.pdCode,
      facts: { ...error.facts, endpoints: Object.fromEntries(endpoints) },
      retryable: error.retryable,
      cause: error,
    });
  }
}

/** Each reason; the same one once. */
function describeAll(failures: readonly ReadFailure[]): string {
  return [...new Set(failures.map(({ error }) => error.message))].join('; ');
}

/**
 * True when the failure ends with an election. A member that accepts a connection and does not return its
 * identity is starting: it holds requests for seconds, on a busy machine for many.
 */
function isElection({ error }: ReadFailure): boolean {
  const isStarting = error.code === 'PD_TIMEOUT';
  const isLeaderless = error.code === 'PD_NO_LEADER' || error.code === 'PD_NOT_BOOTSTRAPPED';
  return isStarting || isLeaderless || error.status !== null;
}

function rank({ error }: ReadFailure): number {
  const index = BY_IMPORTANCE.indexOf(error.code);
  return index === -1 ? BY_IMPORTANCE.length : index;
}
