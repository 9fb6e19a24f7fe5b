import { differences } from './compare.ts';
import { type Exchange, loadRecording } from './recording.ts';
import { type Deviation, type Outcome, type Situation, compareOptions } from './situation.ts';
import { Stage } from './stage.ts';

const NOT_A_QUESTION = 'a note or a summary: the sequence tests compare those that have values';

/** Sends every recorded request to a simulator in the same situation and compares the answers. */
export async function replay(situation: Situation): Promise<Outcome> {
  const stage = await Stage.open(situation.options);
  const replayed: number[] = [];
  const notReplayed = new Map<number, string>();
  const deviations: Deviation[] = [];
  try {
    await situation.prelude?.(stage);
    const pending = new Map(Object.entries(situation.before ?? {}));
    for (const [index, exchange] of loadRecording(situation.file).entries()) {
      if (situation.only?.test(exchange.name) === false) continue;
      const reason =
        exchange.request === undefined ? NOT_A_QUESTION : situation.notReplayed?.[exchange.name];
      if (reason !== undefined) {
        notReplayed.set(index, reason);
        continue;
      }
      if (exchange.at_ms !== undefined) stage.moveTo(exchange.at_ms);
      const before = pending.get(exchange.name);
      pending.delete(exchange.name);
      await before?.(stage);
      const problems = await ask(stage, situation, exchange);
      replayed.push(index);
      if (problems.length > 0)
        deviations.push({ index, name: exchange.name, request: describe(exchange), problems });
    }
  } finally {
    await stage.sim.stop();
  }
  return { replayed, notReplayed, deviations };
}

async function ask(
  stage: Stage,
  situation: Situation,
  exchange: Exchange,
): Promise<readonly string[]> {
  const { request, response } = exchange;
  if (request === undefined) return [];
  const answer = await stage.send(request, situation.member?.(exchange, stage) ?? 0);
  if (response === undefined || response === null)
    return answer === 'refused' ? [] : [`answered ${answer.status} where there was no answer`];
  if (answer === 'refused') return ['no answer'];
  return differences(response, answer, compareOptions(situation, exchange));
}

function describe(exchange: Exchange): string {
  return `${exchange.request?.method ?? ''} ${exchange.request?.path ?? ''} ${exchange.request?.body ?? ''}`;
}
