import type { Plan, Verification } from 'operator-core';
import { actions, PDClient, TiKVSubject } from '../../src/index.ts';
import type { Cluster } from './support.ts';

/** Looks as the host does once the answer to the plan's request was lost so many seconds ago. */
export async function lookAfter(
  { sim }: Cluster,
  plan: Plan,
  { seconds, answerLost = true }: { readonly seconds: number; readonly answerLost?: boolean },
): Promise<Verification> {
  const action = actions.find(({ name }) => name === plan.action);
  if (action === undefined) throw new Error(`there is no action ${plan.action}`);
  await using subject = closing(
    new TiKVSubject({ pd: new PDClient({ endpoints: sim.endpoints }) }),
  );
  // The plan's parameters are validated, which the union of all actions does not say.
  const { verify } = action as { verify: (context: object) => Promise<Verification> };
  return await verify({
    parameters: plan.parameters,
    plan,
    sentAt: Date.now() - seconds * 1000,
    answerLost,
    subject: subject.value,
    signal: new AbortController().signal,
  });
}

function closing(value: TiKVSubject): AsyncDisposable & { readonly value: TiKVSubject } {
  return { value, [Symbol.asyncDispose]: () => value.close() };
}
