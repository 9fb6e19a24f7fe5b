import type { Diagnosis } from './diagnosis.ts';
import type { JsonObject } from '../json/json.ts';
import type { TargetedRequest } from './planned-request.ts';
import type { SendResult } from './send-result.ts';
import type { SystemIdentity } from './system-identity.ts';

/** Options of every call that may wait. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of {@link Subject.send}. */
export interface SendOptions extends CallOptions {
  /** Caller for the system's own audit log: the run's id. */
  readonly callerId: string;
}

/** One running system. Constructing it does no I/O. */
export interface Subject {
  /** Asks the system for its identity. Rejects with kind `unreachable` when it does not answer. */
  identify(options?: CallOptions): Promise<SystemIdentity>;
  /**
   * Sends one request of a plan to an origin of its target, at most once: an attempt may be repeated only when
   * it certainly did not reach the system. Never rejects for what the system answers; the result says it.
   */
  send(request: TargetedRequest, options: SendOptions): Promise<SendResult>;
  /** Looks for what is wrong with the connection and the system's readiness. Reads only. */
  diagnose?(options?: CallOptions): Promise<readonly Diagnosis[]>;
  /**
   * Keys of the subject's configuration as the running system would have them written, to be laid over those that
   * were given: all endpoints instead of one, for instance. Never a secret. Reads only.
   */
  suggestConfig?(options?: CallOptions): Promise<JsonObject>;
  /** Releases everything. May be called twice. */
  close(): Promise<void>;
}
