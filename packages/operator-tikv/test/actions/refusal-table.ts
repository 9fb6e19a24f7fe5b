import { ANSWERED } from './answered-refusals.ts';
import { FORESEEN } from './foreseen-refusals.ts';
import type { PDAnswer } from './refusal-builders.ts';
import type { Version } from './support.ts';

/** One row of a table in the documentation of refusals, cell by cell. */
export type Row = readonly string[];

/** The rows of what plans foresee. */
export function foreseenRows(): readonly Row[] {
  return FORESEEN.map(({ title, code, pd }) => [
    title,
    codeText(code),
    answerCell(pd, '8.5'),
    answerCell(pd, '6.5'),
  ]);
}

/** The rows of what only PD can say. */
export function answeredRows(): readonly Row[] {
  return ANSWERED.map(({ title, code, says, why }) => [
    title,
    codeText(code),
    codeText(says['8.5']),
    same(says['8.5'], says['6.5']),
    why,
  ]);
}

/** The rows of the table that stands under a heading. */
export function readRows(page: string, heading: string): readonly Row[] {
  const section = page.split(/^## /mu).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function answerCell(pd: PDAnswer, version: Version): string {
  if ('refuses' in pd) {
    return version === '8.5'
      ? codeText(pd.refuses['8.5'])
      : same(pd.refuses['8.5'], pd.refuses['6.5']);
  }
  return version === '8.5' ? `accepted: ${pd.harm}` : 'accepted';
}

function same(newer: string, older: string): string {
  return newer === older ? 'the same' : codeText(older);
}

function codeText(text: string): string {
  return `\`${text.trim()}\``;
}
