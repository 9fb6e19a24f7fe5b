import type { HttpExchange } from 'operator-engine';
import type { Look } from './output.ts';
import { printable } from './printable.ts';
import { formatDuration } from './units.ts';

/** One request and its answer in lines, for `--trace`. */
export function formatExchange(exchange: HttpExchange, { style }: Look): readonly string[] {
  const { method, url, requestBody, status, answer, durationMs, failure } = exchange;
  const outcome = status === null ? 'no answer' : String(status);
  const cut = exchange.answerTruncated ? ['< …'] : [];
  return [
    `> ${method} ${printable(url)}`,
    ...quoted('>', requestBody ?? ''),
    `< ${outcome} after ${formatDuration(durationMs)}${failure === null ? '' : `: ${printable(failure)}`}`,
    ...quoted('<', answer),
    ...cut,
  ].map((line) => style.dim(line));
}

function quoted(mark: string, text: string): readonly string[] {
  const trimmed = text.trimEnd();
  if (trimmed === '') return [];
  return printable(trimmed)
    .split('\n')
    .map((line) => `${mark}   ${line}`);
}
