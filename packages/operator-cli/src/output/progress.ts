import type { Verification } from 'operator-core';
import type { ConditionEvent, RunEvent, VerifyingEvent } from 'operator-engine';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { describeEvent } from './run-event-view.ts';
import { truncateText } from './text-width.ts';
import { formatDuration } from './units.ts';

/** Interval of progress lines when no line can be rewritten. */
const SPARSE_MS = 10_000;

/** Shows the progress of a run: lines that stay, and one that is rewritten on a terminal. */
export interface ProgressView {
  show(event: RunEvent | VerificationLook): void;
  /** Ends the rewritten line, so that other lines can follow. */
  end(): void;
}

/** A look at the effect, with or without a run around it. */
export type VerificationLook = Omit<VerifyingEvent, 'runId'>;

/** Progress on stderr. With documents on stdout it is the same. */
export function createProgress(output: Output): ProgressView {
  const { isTTY, width, style } = output.notes;
  let isOpen = false;
  let lastSaid = '';
  let lastSaidAt = Number.NEGATIVE_INFINITY;
  const end = (): void => {
    if (isOpen) output.noteRaw('\n');
    isOpen = false;
  };
  const keep = (line: string): void => {
    if (isOpen) output.noteRaw('\r\u001B[2K');
    isOpen = false;
    output.note([line]);
  };
  const rewrite = (line: string): void => {
    output.noteRaw(`\r\u001B[2K${truncateText(line, (width ?? 80) - 1)}`);
    isOpen = true;
  };
  const look = (event: VerificationLook | ConditionEvent): void => {
    const { what, line } =
      event.kind === 'condition' ? describeCondition(event) : describeLook(event);
    if (isTTY) {
      rewrite(line);
    } else if (what !== lastSaid || event.elapsedMs - lastSaidAt >= SPARSE_MS) {
      lastSaid = what;
      lastSaidAt = event.elapsedMs;
      keep(line);
    }
  };
  return {
    end,
    show(event) {
      if (event.kind === 'verifying' || event.kind === 'condition') look(event);
      else for (const line of describeEvent(event)) keep(style.dim('· ') + line);
    },
  };
}

function describeLook(event: VerificationLook): { what: string; line: string } {
  const { verification, unreadable, elapsedMs, deadlineMs } = event;
  const seen = verification === null ? (unreadable ?? 'nothing could be read') : '';
  const what = verification === null ? `cannot look: ${seen}` : describeSeen(verification);
  const limit = deadlineMs > 0 ? ` of ${formatDuration(deadlineMs)}` : '';
  return { what, line: `  Watching: ${what}  [${formatDuration(elapsedMs)}${limit}]` };
}

function describeCondition(event: ConditionEvent): { what: string; line: string } {
  const { text, summary, elapsedMs, withinMs } = event;
  const what = printableLine(`${text}: ${summary}`);
  const time = `${formatDuration(elapsedMs)} of ${formatDuration(withinMs)}`;
  return { what, line: `  Waiting for ${what}  [${time}]` };
}

function describeSeen({ summary, progress }: Verification): string {
  const counted =
    progress === undefined ? '' : ` (${progress.done}/${progress.total} ${progress.of})`;
  return printableLine(summary + counted);
}
