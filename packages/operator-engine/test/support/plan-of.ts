import type { Plan } from 'operator-core';
import type { GatedSubject } from 'operator-engine';

/** The plan of an action; anything else fails the test. */
export async function planOf(
  subject: GatedSubject,
  action: string,
  parameters: object,
): Promise<Plan> {
  const planned = await subject.plan(action, parameters);
  if (planned.kind === 'plan') return planned.plan;
  throw new Error(`It came to ${JSON.stringify(planned)}.`);
}
