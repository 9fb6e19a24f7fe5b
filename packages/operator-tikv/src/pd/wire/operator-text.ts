import { parseGoDuration, parseGoTime } from './go-values.ts';
import type {
  PDOperator,
  PDOperatorRecord,
  PDOperatorState,
  PDOperatorStatus,
} from './pd-operator.ts';
import { PD_OPERATOR_STATUSES } from './pd-operator.ts';

/**
 * Reads the prose that PD prints of an operator (PD API, operators): the only form before 8.1, and in every
 * version for one region. Each part is searched on its own, so that 6.5's full-width comma, steps without
 * numbers and parts that a later version adds do no harm. `null` when not even the description and the region
 * can be found.
 */
export function parseOperatorText(text: string): PDOperator | null {
  const head = /^(\S+) \{(.*?)\} \((.*)/su.exec(text);
  const region = /region:(\d{1,16})\((\d{1,16}), (\d{1,16})\)/u.exec(head?.[3] ?? '');
  if (head === null || region === null) return null;
  const [regionId = 0, version = 0, confVer = 0] = region.slice(1).map(Number);
  if (![regionId, version, confVer].every((value) => Number.isSafeInteger(value))) return null;
  const [, description = '', brief = '', rest = ''] = head;
  const timeout = /timeout:\[([^\]]*)\]/u.exec(rest)?.[1];
  return {
    regionId,
    description,
    brief,
    epoch: { confVer, version },
    timeoutMs: timeout === undefined ? null : parseGoDuration(timeout),
    kinds: /^kind:([^ ]*), /u.exec(rest)?.[1]?.split(',') ?? null,
    createdAtMs: timeAfter(rest, 'createAt:'),
    startedAtMs: timeAfter(rest, 'startAt:'),
    currentStep: numberAfter(rest, 'currentStep:'),
    steps: parseSteps(rest),
    sizeMiB: numberAfter(rest, 'size:'),
  };
}

/** Reads `status: RUNNING, operator: …` (PD API, operators). `null` when it is something else. */
export function parseOperatorStateText(text: string): PDOperatorState | null {
  const match = /^status: (\S*?), operator: (.*)$/su.exec(text);
  const operator = match === null ? null : parseOperatorText(match[2] ?? '');
  return operator === null ? null : { status: toStatus(match?.[1] ?? ''), ...operator };
}

/** Reads a line of the list of finished operators (PD API, operators). `null` when it is something else. */
export function parseOperatorRecordText(text: string): PDOperatorRecord | null {
  const operator = parseOperatorText(text);
  if (operator === null) return null;
  const marker = /\) (finished|timeout) \(finishAt:/u.exec(text)?.[1];
  return {
    ...operator,
    marker: marker === 'finished' || marker === 'timeout' ? marker : null,
    finishedAtMs: timeAfter(text, 'finishAt:'),
  };
}

function toStatus(word: string): PDOperatorStatus {
  // An operator that was made and has not started has no word: its number is printed.
  if (word === '5') return 'CREATED';
  return PD_OPERATOR_STATUSES.find((status) => status === word) ?? 'UNKNOWN';
}

function timeAfter(text: string, label: string): number | null {
  const start = text.indexOf(label);
  return start === -1
    ? null
    : parseGoTime(text.slice(start + label.length, start + label.length + 60));
}

function numberAfter(text: string, label: string): number | null {
  const start = text.indexOf(label);
  if (start === -1) return null;
  const digits = /^\d{1,15}/u.exec(text.slice(start + label.length, start + label.length + 16));
  return digits === null ? null : Number(digits[0]);
}

function parseSteps(text: string): readonly string[] {
  const start = text.indexOf('steps:[');
  const end = text.search(/\][,，] ?timeout:\[/u);
  if (start === -1 || end <= start) return [];
  const list = text.slice(start + 'steps:['.length, end);
  if (list === '') return [];
  if (!list.startsWith('0:{')) return list.split(/, (?=[a-z])/u);
  return list
    .slice('0:{'.length)
    .replace(/\}$/u, '')
    .split(/\}, \d+:\{/u);
}
