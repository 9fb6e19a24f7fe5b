/** Form in which an answer left: whole, not at all, or in pieces. */
export type AnswerFate =
  | 'pending'
  | 'sent'
  | 'cut_before'
  | 'cut_after'
  | 'half'
  | 'hanging'
  | 'gone';

/** The simulator's own record of a request that it received. */
export interface ReceivedRequest {
  readonly index: number;
  /** Model time of its arrival, milliseconds since the Unix epoch. */
  readonly at: number;
  /** The PD member that received it. */
  readonly member: string;
  readonly method: string;
  /** Path with query, as it was sent. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Undefined while, or when, there was no complete answer. */
  status: number | undefined;
  answer: AnswerFate;
}
