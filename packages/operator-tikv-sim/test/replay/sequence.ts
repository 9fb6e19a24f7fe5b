import type { Answered } from './compare.ts';
import { type RecordedFile, loadRecording } from './recording.ts';
import type { Stage } from './stage.ts';

/** One question that was polled through an experiment. */
export interface Question {
  /** The recorded summary of its values. */
  readonly summary: string;
  readonly path: string;
  readonly member?: number;
  /** The value of an answer; two answers with the same value are one run. */
  value(answer: Answered | 'refused'): string;
  /** The value as the recording has it. */
  recorded(value: unknown): string;
}

/** Something that was done at a moment of the experiment. */
export interface Act {
  readonly atMs: number;
  readonly act: (stage: Stage) => Promise<void> | void;
}

export interface Experiment {
  readonly file: RecordedFile;
  readonly questions: readonly Question[];
  readonly acts: readonly Act[];
  readonly everyMs: number;
}

export interface Run {
  readonly firstMs: number;
  readonly value: string;
}

export interface Comparison {
  readonly summary: string;
  readonly recorded: readonly Run[];
  readonly simulated: readonly Run[];
}

/** Polls the simulator as the recorded PD was polled and returns both sequences of values. */
export async function compareSequences(
  stage: Stage,
  experiment: Experiment,
): Promise<readonly Comparison[]> {
  const recorded = experiment.questions.map((question) => recordedRuns(experiment.file, question));
  const simulated = experiment.questions.map((): Run[] => []);
  const lastMs = Math.max(
    ...experiment.questions.map((question) => lastPoll(experiment.file, question)),
  );
  const acts = [...experiment.acts];
  for (let atMs = 0; atMs <= lastMs; atMs += experiment.everyMs) {
    for (let next = acts[0]; next !== undefined && next.atMs <= atMs; next = acts[0]) {
      stage.moveTo(next.atMs);
      await next.act(stage);
      acts.shift();
    }
    stage.moveTo(atMs);
    for (const [index, question] of experiment.questions.entries()) {
      const answer = await stage.send({ method: 'GET', path: question.path }, question.member);
      const value = question.value(answer);
      if (simulated[index]?.at(-1)?.value !== value)
        simulated[index]?.push({ firstMs: atMs, value });
    }
  }
  return experiment.questions.map((question, index) => ({
    summary: question.summary,
    recorded: recorded[index] ?? [],
    simulated: simulated[index] ?? [],
  }));
}

function samplesOf(file: RecordedFile, question: Question) {
  const found = loadRecording(file).find((exchange) => exchange.name === question.summary);
  if (found?.samples === undefined) throw new Error(`${file} has no summary ${question.summary}`);
  return found.samples;
}

function lastPoll(file: RecordedFile, question: Question): number {
  return samplesOf(file, question).at(-1)?.last_ms ?? 0;
}

function recordedRuns(file: RecordedFile, question: Question): Run[] {
  const runs: Run[] = [];
  for (const sample of samplesOf(file, question)) {
    const value = question.recorded(sample.value);
    if (runs.at(-1)?.value !== value) runs.push({ firstMs: sample.first_ms, value });
  }
  return runs;
}

interface RegionBody {
  readonly id: number;
  readonly epoch?: { readonly conf_ver: number };
  readonly peers?: readonly { readonly role_name: string; readonly store_id: number }[];
  readonly leader: { readonly store_id?: number };
  readonly pending_peers?: readonly { readonly store_id: number }[];
}

interface RecordedRegion {
  readonly leader: number;
  readonly peers: readonly string[];
  readonly pending: readonly number[];
  readonly conf_ver: number;
}

const MARKS: Readonly<Record<string, string>> = {
  Voter: '',
  Learner: 'L',
  IncomingVoter: 'i',
  DemotingVoter: 'd',
};

/** A region's place: stores by letters in the order in which they appear, versions from the first one on. */
export function regionValues(): Pick<Question, 'value' | 'recorded'> {
  const [simulated, recorded] = [createNaming(), createNaming()];
  return {
    value: (answer) => {
      if (answer === 'refused') return 'refused';
      const region: RegionBody = JSON.parse(answer.body);
      if (region.id === 0) return 'gone';
      const peers = (region.peers ?? []).map(
        (peer) => `${peer.store_id}${MARKS[peer.role_name] ?? '?'}`,
      );
      const pending = (region.pending_peers ?? []).map((peer) => peer.store_id);
      return simulated({
        leader: region.leader.store_id ?? 0,
        peers,
        pending,
        conf_ver: region.epoch?.conf_ver ?? 0,
      });
    },
    recorded: (value) => (isRecordedRegion(value) ? recorded(value) : 'gone'),
  };
}

function isRecordedRegion(value: unknown): value is RecordedRegion {
  return typeof value === 'object' && value !== null && 'peers' in value;
}

function createNaming(): (region: RecordedRegion) => string {
  const names = new Map<string, string>();
  let firstVersion: number | undefined;
  const nameOf = (storeId: string): string => {
    const known = names.get(storeId) ?? String.fromCharCode(65 + names.size);
    names.set(storeId, known);
    return known;
  };
  return (region) => {
    firstVersion ??= region.conf_ver;
    const peers = region.peers.map(
      (peer) => `${nameOf(peer.replace(/\D/g, ''))}${peer.replace(/\d/g, '')}`,
    );
    const pending = region.pending.map((storeId) => nameOf(String(storeId)));
    return `${peers.join(' ')} leader ${nameOf(String(region.leader))} pending ${pending.join(' ')} +${region.conf_ver - firstVersion}`;
  };
}

/** An operator's state: `RUNNING step 2`. */
export const STATUS_VALUES: Pick<Question, 'value' | 'recorded'> = {
  value: (answer) => {
    const found =
      answer === 'refused' ? null : /status: (\w+), .*currentStep:(\d+)/.exec(answer.body);
    return found === null ? 'none' : `${found[1] ?? ''} step ${found[2] ?? ''}`;
  },
  recorded: (value) => String(value),
};
