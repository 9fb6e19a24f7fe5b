import type { Reply } from '../http/reply.ts';

/** Requests that a fault hits. */
export interface FaultMatch {
  readonly method?: string;
  /** The path without query: exact, or a prefix that ends in `*`. */
  readonly path?: string;
  /** Name of the receiving PD member. */
  readonly member?: string;
  /** Number of requests that it hits; 1 unless given, -1 for all. */
  readonly times?: number;
}

/** Fault of the answer. */
export type AnswerFault =
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' | 'half' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'raw'; readonly reply: Reply; readonly isExecuted: boolean };

interface Armed {
  readonly match: FaultMatch;
  readonly fault: AnswerFault;
  left: number;
}

/** Faults that wait for the requests they shall hit. */
export class AnswerFaults {
  readonly #armed: Armed[] = [];

  arm(match: FaultMatch, fault: AnswerFault): void {
    const times = match.times ?? 1;
    this.#armed.push({ match, fault, left: times < 0 ? Infinity : times });
  }

  clear(): void {
    this.#armed.length = 0;
  }

  /** The fault for a request; each counts down when it hits. */
  take(request: {
    readonly method: string;
    readonly path: string;
    readonly member: string;
  }): AnswerFault | undefined {
    const found = this.#armed.find((armed) => armed.left > 0 && isHit(armed.match, request));
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#armed.splice(this.#armed.indexOf(found), 1);
    return found.fault;
  }
}

function isHit(
  match: FaultMatch,
  request: { readonly method: string; readonly path: string; readonly member: string },
): boolean {
  if (match.method !== undefined && match.method !== request.method) return false;
  if (match.member !== undefined && match.member !== request.member) return false;
  if (match.path === undefined) return true;
  const [path = ''] = request.path.split('?');
  return match.path.endsWith('*') ? path.startsWith(match.path.slice(0, -1)) : path === match.path;
}
