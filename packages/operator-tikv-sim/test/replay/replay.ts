import { differences } from './compare.ts';
import { type Exchange, loadRecording } from './recording.ts';
import { type Deviation, type Outcome, type Situation, compareOptions } from './situation.ts';
import { Stage } from './stage.ts';

const NOT_A_QUESTION = 'a note or a summary: the sequence tests compare those that have values';

/** Sends every recorded request to a simulator in the same situation and compares the answers. */
export async function replay(situation: Situation): Promise<Outcome> {
  const stage = await Stage.open(situation.options);
  const outcome = {
    replayed: new Array<number>(),
    notReplayed: new Map<number, string>(),
    deviations: new Array<Deviation>(),
  };
  try {
    await situation.prelude?.(stage);
    const pending = new Map(Object.entries(situation.before ?? {}));
    for (const [index, exchange] of inOrder(situation)) {
      for (const key of [exchange.name, `#${index}`]) {
        const before = pending.get(key);
        pending.delete(key);
        await before?.(stage);
      }
      const reason = reasonNotTo(situation, exchange, index);
      if (reason !== undefined) {
        outcome.notReplayed.set(index, reason);
        continue;
      }
      if (exchange.at_ms !== undefined) stage.moveTo(exchange.at_ms);
      const problems = await ask(stage, situation, exchange);
      outcome.replayed.push(index);
      if (problems.length > 0)
        outcome.deviations.push({
          index,
          name: exchange.name,
          request: describe(exchange),
          problems,
        });
    }
  } finally {
    await stage.sim.stop();
  }
  return outcome;
}

/** The exchanges of a situation; some files tell of an act before what preceded it. */
function inOrder(situation: Situation): (readonly [number, Exchange])[] {
  const all = [...loadRecording(situation.file).entries()].filter(
    ([, { name }]) => situation.only?.test(name) !== false,
  );
  const place = (index: number): number => (situation.laterThan?.[index] ?? index - 0.5) + 0.5;
  return all.toSorted(([one], [other]) => place(one) - place(other) || one - other);
}

function reasonNotTo(situation: Situation, exchange: Exchange, index: number): string | undefined {
  if (exchange.request === undefined) return NOT_A_QUESTION;
  return situation.notReplayed?.[exchange.name] ?? situation.notReplayed?.[`#${index}`];
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
