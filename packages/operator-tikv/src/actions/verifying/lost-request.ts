import { elapsedMs } from './operator-verification.ts';
import type { OperatorVerification } from './operator-verification.ts';

/**
 * Milliseconds in which a request that lost its answer may still arrive. Aborting the request (undici destroys
 * the socket) or ending the process does not take back the bytes that the kernel has: Linux retransmits the
 * bytes of a closed connection until the first timeout after 102.2 s (`tcp_orphan_retries` of 8, ip-sysctl; RFC
 * 1122, 4.2.3.5, wants at least 100 s). A member that then forwards the request to the PD leader can wait for
 * an election; the rest is for that.
 */
export const LOST_REQUEST_MS = 180_000;

/** True when a request that lost its answer may still arrive, so that the absence of its effect proves nothing. */
export function mayStillArrive(
  context: Pick<OperatorVerification['context'], 'answerLost' | 'sentAt'>,
): boolean {
  const waitedMs = elapsedMs(context);
  return context.answerLost && (waitedMs < LOST_REQUEST_MS || waitedMs === Infinity);
}
