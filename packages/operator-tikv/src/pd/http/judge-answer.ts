import type { RequestLine, HttpAnswer } from './exchange.ts';
import { isAcceptance, isRefusal } from './change-words.ts';
import { PDError } from '../wire/pd-error.ts';
import type { PDErrorCode } from '../wire/pd-error.ts';
import { isHtml, readWords } from '../wire/pd-words.ts';
import type { PDWords } from '../wire/pd-words.ts';

/** Meaning of an answer for the caller. */
type Judgement =
  | { readonly kind: 'ok' }
  | {
      /** `elsewhere`: another endpoint or a later moment may answer. `final`: asking again is useless. */
      readonly kind: 'elsewhere' | 'final';
      readonly error: PDError;
      /** True when the change may have been carried out: only PD can deny that. */
      readonly mayBeExecuted: boolean;
    };

type Rule = readonly [
  pattern: RegExp,
  judgement: { kind: 'elsewhere' | 'final'; code: PDErrorCode; mayBeExecuted: boolean },
];

// These are whole texts, because PD uses "no leader" for regions too (PD API, members and cluster
// precondition).
const TEXTS: readonly Rule[] = [
  [
    /^(\[PD:apiutil:ErrRedirectNoLeader\].*|(redirect finds )?no leader)$/u,
    { kind: 'elsewhere', code: 'PD_NO_LEADER', mayBeExecuted: false },
  ],
  [
    /^(\[PD:apiutil:ErrRedirectToNotLeader\])?redirect to not leader$/u,
    { kind: 'elsewhere', code: 'PD_NO_LEADER', mayBeExecuted: false },
  ],
  [
    /^(\[PD:server:ErrServerNotStarted\])?server not started$/u,
    { kind: 'elsewhere', code: 'PD_NO_LEADER', mayBeExecuted: false },
  ],
  [
    // The member named a leader that did not answer: it may have died before or after doing its work.
    /^(\[PD:apiutil:ErrRedirect\])?redirect failed$/u,
    { kind: 'elsewhere', code: 'PD_NO_LEADER', mayBeExecuted: true },
  ],
  [
    // A follower of 8.5 completes its configuration with the one of its leader, which did not answer it
    // (PD 8.5.7, server/api/config.go). It asks by GET only.
    /^(Get "https?:\/\/[^"]+\/pd\/api\/v1\/config": |\[PD:(server:ErrLeaderNil|http:ErrSendRequest)\])/u,
    { kind: 'elsewhere', code: 'PD_NO_LEADER', mayBeExecuted: false },
  ],
  [
    /^(\[PD:cluster:ErrNotBootstrapped\])?TiKV cluster not bootstrapped/u,
    { kind: 'elsewhere', code: 'PD_NOT_BOOTSTRAPPED', mayBeExecuted: false },
  ],
  [/^\[PD:etcd:/u, { kind: 'elsewhere', code: 'PD_NO_LEADER', mayBeExecuted: true }],
  [
    /context (deadline exceeded|canceled)|etcdserver: |request timed out/u,
    { kind: 'final', code: 'PD_REFUSED', mayBeExecuted: true },
  ],
  [/^PANIC: /u, { kind: 'final', code: 'PD_REFUSED', mayBeExecuted: true }],
];

/** Judges an answer: PD's, or one of a proxy in front of it. */
export function judgeAnswer(answer: HttpAnswer, request: RequestLine): Judgement {
  const { status } = answer;
  if (status >= 200 && status < 300) return judgeSuccess(answer, request);
  if (status < 400) return judgeRedirect(answer, request);
  const words = readWords(answer.body);
  const rule = TEXTS.find(([pattern]) => status >= 406 && pattern.test(words.text))?.[1];
  if (rule !== undefined) {
    const error = answerError(rule.code, { answer, request, words });
    return { kind: rule.kind, error, mayBeExecuted: rule.mayBeExecuted };
  }
  return judgeStatus({ answer, request, words });
}

interface Case {
  readonly answer: HttpAnswer;
  readonly request: RequestLine;
  readonly words: PDWords;
}

function judgeSuccess(answer: HttpAnswer, request: RequestLine): Judgement {
  const problem = findProblem(answer) ?? findForeignWords(answer, request);
  if (problem === null) return { kind: 'ok' };
  return { kind: 'final', error: invalidAnswer({ answer, request, problem }), mayBeExecuted: true };
}

function findProblem(answer: HttpAnswer): string | null {
  const encoding = answer.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return `a body in the encoding ${String(encoding).slice(0, 40)}`;
  }
  if (isHtml(answer.body)) return 'a web page';
  return answer.body.trim() === '' ? 'an empty body' : null;
}

/** PD accepts each kind of change in words of its own (PD API, wire conventions); it has others for no read. */
function findForeignWords({ body }: HttpAnswer, request: RequestLine): string | null {
  if (request.method === 'GET') return null;
  if (/^\s*[[{]/u.test(body)) return 'a document in place of a word';
  const { text } = readWords(body);
  return isAcceptance(request, text) ? null : `the words ${JSON.stringify(text.slice(0, 100))}`;
}

function judgeRedirect(answer: HttpAnswer, request: RequestLine): Judgement {
  const problem = `a redirect to ${describeLocation(answer.headers['location'])}`;
  return {
    kind: 'final',
    error: invalidAnswer({ answer, request, problem }),
    // PD never redirects a change: only PD can know if the redirecting server had passed it on before.
    mayBeExecuted: true,
  };
}

function describeLocation(location: unknown): string {
  if (typeof location !== 'string') return 'nowhere';
  const base = 'http://relative.invalid';
  if (!URL.canParse(location, base)) return 'no URL';
  const url = new URL(location, base);
  return `${url.origin === base ? '' : url.origin}${url.pathname}`.slice(0, 200);
}

function judgeStatus(found: Case): Judgement {
  const { answer, request, words } = found;
  const { status } = answer;
  if (status === 429) return final('PD_RATE_LIMITED', found);
  if (isGivenUp(status)) {
    const error = answerError('PD_UNREACHABLE', found);
    return { kind: 'elsewhere', error, mayBeExecuted: true };
  }
  if (isHtml(answer.body)) {
    const error = invalidAnswer({ answer, request, problem: 'a web page' });
    return { kind: 'final', error, mayBeExecuted: mayBeExecuted(found) };
  }
  const isNotFound = status === 404 || / not found$|NotFound\]/u.test(words.text);
  return final(isNotFound ? 'PD_NOT_FOUND' : 'PD_REFUSED', found);
}

function final(code: PDErrorCode, found: Case): Judgement {
  const error = answerError(code, found);
  return { kind: 'final', error, mayBeExecuted: mayBeExecuted(found) };
}

/** Statuses of a proxy only: it, or its caller, did not wait for PD's answer. */
function isGivenUp(status: number): boolean {
  return status === 408 || status === 499 || (status >= 502 && status <= 504);
}

/** PD's own words alone prove that it did nothing: a proxy may answer with any status after PD has done it. */
function mayBeExecuted({ request, words }: Case): boolean {
  return !isRefusal(request, words.text);
}

function answerError(code: PDErrorCode, { answer, request, words }: Case): PDError {
  const { status } = answer;
  const said = words.text === '' ? ' without a word' : `: ${words.text}`;
  return new PDError({
    code,
    message: `PD answered ${describeRequest(request)} with status ${status}${said}`,
    status,
    pdCode: words.pdCode,
    endpoint: request.origin,
    facts: { ...requestFacts(request), answer: words.text },
    ...(words.text.startsWith('PANIC: ') ? PANIC : {}),
  });
}

const PANIC = {
  retryable: true,
  remedy:
    'PD has a defect or no running cluster: look into its log, and try again in a few seconds.',
};

/** The error of an answer that PD never gives. */
export function invalidAnswer(found: {
  readonly answer: HttpAnswer;
  readonly request: RequestLine;
  /** `a web page` */
  readonly problem: string;
  readonly cause?: unknown;
}): PDError {
  const { answer, request, problem, cause } = found;
  return new PDError({
    code: 'PD_RESPONSE_INVALID',
    message: `${describeRequest(request)} was answered with status ${answer.status} and ${problem}, which PD does not do`,
    status: answer.status,
    endpoint: request.origin,
    facts: { ...requestFacts(request), problem },
    cause,
  });
}

/** `GET /pd/api/v1/stores at http://127.0.0.1:2379` */
export function describeRequest(request: RequestLine): string {
  return `${request.method} ${request.path} at ${request.origin}`;
}

/** Facts of an error about the failed request. */
export function requestFacts(request: RequestLine): { method: string; path: string } {
  return { method: request.method, path: request.path };
}
