/** One request and its result, for people. Headers are never part of it. */
export interface HttpExchange {
  readonly method: string;
  /** Origin, path and query, without user information. */
  readonly url: string;
  /** The body as text, cut after 64 KiB, or `null` when there was none or it was a stream. */
  readonly requestBody: string | null;
  /** `null` when no answer came. */
  readonly status: number | null;
  /** The answer's body as text, cut after 64 KiB. */
  readonly answer: string;
  readonly answerTruncated: boolean;
  readonly durationMs: number;
  /** Reason for which there was no complete answer; `null`: there was one. */
  readonly failure: string | null;
}

/** One planned request of another protocol and its result, for people. */
export interface StatementExchange {
  readonly protocol: string;
  /** Text as the plan has it, with stand-ins for secrets. */
  readonly text: string;
  /** The system's own words, or the reason for which there are none. */
  readonly answer: string;
  readonly durationMs: number;
  /** Reason for which there was no result; `null`: there was one. */
  readonly failure: string | null;
}

/** One request of any protocol and its result. */
export type Exchange = HttpExchange | StatementExchange;

/** Takes every exchange of a subject when it has ended. What it throws is ignored. */
export type ExchangeObserver = (exchange: Exchange) => void;
