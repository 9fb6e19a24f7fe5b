import type { Endpoint } from './endpoint-list.ts';
import { PDError } from './pd-error.ts';
import type { PDErrorCode } from './pd-error.ts';

/** How long nobody may answer at all: a single PD that is restarted is back on its port after 1.4 s. */
const RESTART_MS = 3000;

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;

/** What told most about the state of the cluster comes first. */
const TELLING: readonly PDErrorCode[] = [
  'PD_NOT_BOOTSTRAPPED',
  'PD_NO_LEADER',
  'PD_RESPONSE_INVALID',
  'PD_TIMEOUT',
  'PD_TLS_FAILED',
];

/** One endpoint's failure within a call. */
export interface ReadFailure {
  readonly error: PDError;
  /** Whether the endpoint may be asked again within the call. */
  readonly mayRepeat: boolean;
}

/** What has failed so far in one call, and whether and how long it is worth waiting. */
export class ReadFailures {
  readonly #byOrigin = new Map<string, ReadFailure>();
  readonly #startedAt = performance.now();
  readonly #electionMs: number;
  #waitMs = FIRST_WAIT_MS;

  /** Takes how long an election may last. */
  constructor(electionMs: number) {
    this.#electionMs = electionMs;
  }

  get isEmpty(): boolean {
    return this.#byOrigin.size === 0;
  }

  add(endpoint: Endpoint, failure: ReadFailure): void {
    this.#byOrigin.set(endpoint.origin, failure);
  }

  mayAsk(endpoint: Endpoint): boolean {
    return this.#byOrigin.get(endpoint.origin)?.mayRepeat ?? true;
  }

  /** Milliseconds to wait before the next round, or `null` when it is enough. */
  nextWait(): number | null {
    const failures = [...this.#byOrigin.values()];
    const budget = failures.some(isElection)
      ? this.#electionMs
      : Math.min(RESTART_MS, this.#electionMs);
    const current = this.#waitMs;
    this.#waitMs = Math.min(current * 2, LONGEST_WAIT_MS);
    if (!failures.some(({ mayRepeat }) => mayRepeat)) return null;
    return performance.now() - this.#startedAt + current > budget ? null : current;
  }

  /** The failure that tells most, with the others as facts. */
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
      message: `none of ${failures.length} PD endpoints answered: ${error.message}`,
      remedy: error.remedy,
      status: error.status,
      pdCode: error.pdCode,
      facts: { ...error.facts, endpoints: Object.fromEntries(endpoints) },
      retryable: error.retryable,
      cause: error,
    });
  }
}

function isElection({ error }: ReadFailure): boolean {
  return (
    error.code === 'PD_NO_LEADER' || error.code === 'PD_NOT_BOOTSTRAPPED' || error.status !== null
  );
}

function rank({ error }: ReadFailure): number {
  const index = TELLING.indexOf(error.code);
  return index === -1 ? TELLING.length : index;
}
