import type { HttpAnswer, RequestLine } from './exchange.ts';
import { invalidAnswer } from './judge-answer.ts';
import { PDError } from '../wire/pd-error.ts';
import { isHtml, readWords } from '../wire/pd-words.ts';

/**
 * The error of an endpoint that refuses to name its cluster. PD has this call in every version and never refuses it, so
 * the endpoint is not PD.
 */
export function toStranger(answer: HttpAnswer, request: RequestLine, judged: PDError): PDError {
  const { status, body } = answer;
  const isRefused = status >= 400 && status < 500 && status !== 429;
  if (!isRefused || isHtml(body)) return judged;
  const { text } = readWords(body);
  const problem = text === '' ? 'an empty body' : `the words ${JSON.stringify(text.slice(0, 100))}`;
  const { code, endpoint } = judged;
  const { message, remedy, facts } = invalidAnswer({ answer, request, problem });
  return new PDError({
    code,
    status,
    message: `${message}: the server is not PD`,
    remedy,
    endpoint,
    facts,
  });
}
