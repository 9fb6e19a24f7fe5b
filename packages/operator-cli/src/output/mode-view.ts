import type { ModeStatus } from 'operator-engine';
import { formatActor, formatInstant } from './ledger-words.ts';
import type { Look } from './output.ts';
import { printableLine } from './printable.ts';

/** The mode and the kill switch in lines. */
export function formatMode(
  { mode, by, reason, since, stop }: ModeStatus,
  look: Look,
): readonly string[] {
  const { style } = look;
  const who = by === null ? '' : `, set by ${formatActor(by)} ${formatInstant(since)}`;
  const why = reason === null ? '' : `: ${printableLine(reason)}`;
  const lines = [`${style.bold(mode)} (${MEANINGS[mode]})${who}${why}`];
  if (stop === null) return lines;
  const exception = stop.allowsCancels
    ? ' except cancels of what systems still have in progress'
    : '';
  return [
    `${style.red(style.bold('Stopped'))} by ${formatActor(stop.by)} ${formatInstant(stop.since)}: ${printableLine(stop.reason)}`,
    `Nothing more is sent${exception}, and no lease is ended. To lift it: operator resume --reason TEXT`,
    `Mode: ${lines[0] ?? ''}`,
  ];
}

const MEANINGS: Readonly<Record<ModeStatus['mode'], string>> = {
  observe: 'nothing runs',
  guarded: 'everything needs an approval',
  autonomous: 'what policy allows runs',
};
