import type { Exchange, HttpExchange, StatementExchange } from 'operator-engine';
import type { Look } from './output.ts';
import { printable } from './printable.ts';
import { formatDuration } from './units.ts';

/** One request and its answer in lines, for `--trace`. */
export function formatExchange(exchange: Exchange, { style }: Look): readonly string[] {
  const lines = 'url' in exchange ? linesOfHttp(exchange) : linesOfStatement(exchange);
  return lines.map((line) => style.dim(line));
}

function linesOfStatement(exchange: StatementExchange): readonly string[] {
  const { protocol, text, answer, durationMs, failure } = exchange;
  return [
    `> ${protocol}`,
    ...quoted('>', text),
    `< ${failure === null ? 'answered' : `failed: ${printable(failure)}`} after ${formatDuration(durationMs)}`,
    ...quoted('<', answer),
  ];
}

function linesOfHttp(exchange: HttpExchange): readonly string[] {
  const { method, url, requestBody, status, answer, durationMs, failure } = exchange;
  const outcome = status === null ? 'no answer' : String(status);
  const cut = exchange.answerTruncated ? ['< …'] : [];
  return [
    `> ${method} ${printable(url)}`,
    ...quoted('>', requestBody ?? ''),
    `< ${outcome} after ${formatDuration(durationMs)}${failure === null ? '' : `: ${printable(failure)}`}`,
    ...quoted('<', answer),
    ...cut,
  ];
}

function quoted(mark: string, text: string): readonly string[] {
  const trimmed = text.trimEnd();
  if (trimmed === '') return [];
  return printable(trimmed)
    .split('\n')
    .map((line) => `${mark}   ${line}`);
}
