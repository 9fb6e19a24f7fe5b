import { readFileSync } from 'node:fs';

/** One recorded question and answer, or a note of the experiment. */
export interface Exchange {
  readonly name: string;
  readonly why?: string;
  readonly at_ms?: number;
  readonly error?: string;
  readonly samples?: readonly Sample[];
  readonly request?: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>> | null;
    readonly body?: string | null;
  };
  readonly response?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  } | null;
}

/** A run of equal values of one polled question. */
export interface Sample {
  readonly first_ms: number;
  readonly last_ms: number;
  readonly polls: number;
  readonly value: unknown;
}

export const RECORDED_FILES = [
  'v6.5.12/config.json',
  'v6.5.12/failover.json',
  'v6.5.12/hot.json',
  'v6.5.12/members.json',
  'v6.5.12/operators.json',
  'v6.5.12/regions.json',
  'v6.5.12/schedulers.json',
  'v6.5.12/stores.json',
  'v6.5.12/timeline.json',
  'v6.5.12-unistore/timeline.json',
  'v8.5.7/config.json',
  'v8.5.7/failover.json',
  'v8.5.7/hot.json',
  'v8.5.7/members.json',
  'v8.5.7/operators.json',
  'v8.5.7/regions.json',
  'v8.5.7/restart.json',
  'v8.5.7/schedulers.json',
  'v8.5.7/stores.json',
  'v8.5.7/timeline.json',
  'v8.5.7/type-x-freeze.json',
] as const;

export type RecordedFile = (typeof RECORDED_FILES)[number];

export function loadRecording(file: RecordedFile): readonly Exchange[] {
  const url = new URL(`../fixtures/pd-recordings/${file}`, import.meta.url);
  const parsed: readonly Exchange[] = JSON.parse(readFileSync(url, 'utf8'));
  return parsed;
}
