import type { OperatorError, SendResult } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';

/** One answer of `send`, compared with the host's observation. */
export interface JudgedSend {
  readonly result: SendResult;
  /** The breach of the contract that the answer shows, or `null`. */
  readonly violation: OperatorError | null;
}

/** The host's own knowledge of one request. */
export interface SeenOfSending {
  /** True when a byte of the request may have left. */
  readonly hasStarted: boolean;
  /** True when the host sees everything that the plugin sends. */
  readonly isObserved: boolean;
  /** False for a request of another protocol: a plugin could have sent it without `spend`. */
  readonly isByHttp: boolean;
}

/**
 * Compares an answer of `send` with the host's observation. A plugin cannot have an answer to a request that
 * never started, and a status that proxies and dying servers also give proves no refusal.
 */
export function judgeSend(result: SendResult, seen: SeenOfSending): JudgedSend {
  const isCertainlyUnsent = seen.isObserved && !seen.hasStarted;
  switch (result.outcome) {
    case 'accepted':
      return isCertainlyUnsent ? invented(result, seen) : { result, violation: null };
    case 'refused':
      if (isCertainlyUnsent) return invented(result, seen);
      return { result: isDoubtful(result) ? doubt(result) : result, violation: null };
    case 'unknown':
      if (!isCertainlyUnsent) return { result, violation: null };
      return { result: { outcome: 'not_sent', reason: result.reason }, violation: null };
    case 'not_sent':
      return { result: seen.hasStarted ? contradict(result) : result, violation: null };
  }
}

type Answered = Extract<SendResult, { answer: string }>;
type Refused = Extract<SendResult, { outcome: 'refused' }>;

/** Statuses that a proxy, a client or a server gives after the work may have been done. */
function isDoubtful({ status, certain }: Refused): boolean {
  if (certain === true || status === undefined) return false;
  return status >= 500 || status === 408 || status === 499;
}

function doubt({ status, answer }: Refused): SendResult {
  const words = answer.trim() === '' ? '' : `: ${answer.trim()}`;
  const reason = `status ${status} does not prove that nothing was changed${words}`;
  return { outcome: 'unknown', reason };
}

function invented({ outcome, status }: Answered, { isByHttp }: SeenOfSending): JudgedSend {
  const told = status === undefined ? outcome : `${outcome} (status ${status})`;
  if (!isByHttp) {
    // The plugin may have sent it past the host: only reading can tell.
    const reason = `the plugin reported ${told} without \`host.spend\`, so that the host has not seen it leave`;
    return { result: { outcome: 'unknown', reason }, violation: null };
  }
  const reason = `the plugin reported ${told}, but it had sent nothing`;
  const violation = createEngineError('PLUGIN_MISBEHAVED', {
    message: `${reason[0]?.toUpperCase()}${reason.slice(1)}.`,
    remedy: 'Tell the author of the plugin: `send` must send the request before it returns.',
    facts: { outcome, ...(status === undefined ? {} : { status }) },
  });
  return { result: { outcome: 'not_sent', reason }, violation };
}

function contradict({ reason }: { readonly reason: string }): SendResult {
  const why = `the plugin says that it was not sent (${reason}), but it had been started on a connection`;
  return { outcome: 'unknown', reason: why };
}
