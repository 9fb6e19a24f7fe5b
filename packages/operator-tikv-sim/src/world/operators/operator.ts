import type { Profile } from '../cluster/profile.ts';
import type { Region } from '../cluster/region.ts';
import { GO_ZERO_TIME, goDuration, goSeconds, goTime } from '../../text/go-time.ts';
import { type Step, stepText, stepTimeoutSeconds } from './step.ts';

/** PD's words for the state of an operator; `EXPIRED` is shown as `TIMEOUT`. */
export const OPERATOR_STATUSES = [
  'CREATED',
  'RUNNING',
  'SUCCESS',
  'CANCEL',
  'REPLACE',
  'EXPIRED',
  'TIMEOUT',
] as const;
export type OperatorStatus = (typeof OPERATOR_STATUSES)[number];

/** PD's kinds, in the order in which it prints them. */
export const OPERATOR_KINDS = [
  'admin',
  'affinity',
  'merge',
  'range',
  'replica',
  'split',
  'hot-region',
  'region',
  'leader',
] as const;
export type OperatorKind = (typeof OPERATOR_KINDS)[number];

export const PRIORITY = { low: 0, medium: 1, high: 2, urgent: 3 } as const;

/** Task for one region. */
export interface OperatorDraft {
  readonly description: string;
  readonly brief: string;
  readonly kinds: readonly OperatorKind[];
  readonly priority: number;
  readonly steps: readonly Step[];
}

export interface Operator extends OperatorDraft {
  readonly regionId: number;
  readonly confVer: number;
  readonly version: number;
  readonly sizeMiB: number;
  readonly timeoutSeconds: number;
  readonly createdAt: bigint;
  startedAt: bigint | undefined;
  finishedAt: bigint | undefined;
  status: OperatorStatus;
  currentStep: number;
  /** The other half of a merge. */
  related: Operator | undefined;
}

export function createOperator(draft: OperatorDraft, region: Region, createdAt: bigint): Operator {
  const timeout = draft.steps.reduce(
    (sum, step) => sum + stepTimeoutSeconds(step, region.sizeMiB),
    0,
  );
  return {
    ...draft,
    regionId: region.id,
    confVer: region.confVer,
    version: region.version,
    sizeMiB: region.sizeMiB,
    timeoutSeconds: Math.floor(timeout),
    createdAt,
    startedAt: undefined,
    finishedAt: undefined,
    status: 'CREATED',
    currentStep: 0,
    related: undefined,
  };
}

/** An operator as PD prints it. The clock readings are relative to the start of the PD leader's process. */
export function operatorText(operator: Operator, profile: Profile, processStart: bigint): string {
  const started =
    operator.startedAt === undefined ? GO_ZERO_TIME : goTime(operator.startedAt, processStart);
  const facts = [
    `kind:${kindText(operator.kinds)}`,
    `region:${operator.regionId}(${operator.version}, ${operator.confVer})`,
    `createAt:${goTime(operator.createdAt, processStart)}`,
    `startAt:${started}`,
    `currentStep:${operator.currentStep}`,
    `size:${operator.sizeMiB}`,
    `steps:[${operator.steps.map((step, index) => `${index}:{${stepText(step)}}`).join(', ')}]`,
  ];
  const timeout = `${profile.timeoutSeparator}timeout:[${goSeconds(operator.timeoutSeconds)}]`;
  return `${operator.description} {${operator.brief}} (${facts.join(', ')}${timeout})${endMark(operator)}`;
}

function endMark(operator: Operator): string {
  if (operator.status === 'SUCCESS') return ' finished';
  return operator.status === 'TIMEOUT' ? ' timeout' : '';
}

function kindText(kinds: readonly OperatorKind[]): string {
  const sorted = OPERATOR_KINDS.filter((kind) => kinds.includes(kind));
  return sorted.length === 0 ? 'unknown' : sorted.join(',');
}

/** Answer of `GET /operators/{region}`. */
export function statusText(operator: Operator, profile: Profile, processStart: bigint): string {
  const word = operator.status === 'EXPIRED' ? 'TIMEOUT' : operator.status;
  return `status: ${word}, operator: ${operatorText(operator, profile, processStart)}`;
}

/** Go's largest duration: what PD prints for an operator that never started. */
const MAX_DURATION = 9_223_372_036_854_775_807n;

/** Line of `GET /operators/records` about one finished operator. */
export function recordText(operator: Operator, profile: Profile, processStart: bigint): string {
  const finished = operator.finishedAt ?? operator.createdAt;
  const duration = operator.startedAt === undefined ? MAX_DURATION : finished - operator.startedAt;
  const text = operatorText(operator, profile, processStart);
  return `${text} (finishAt:${goTime(finished, processStart)}, duration:${goDuration(duration)})`;
}
