import { join } from 'node:path';
import type { House } from './house.ts';

/** Allows everything without limits; it has a test, as a policy should. */
export const EXAMPLE_POLICY = `rules:
  - id: anything
    when: { subject: home }
    decision: allow
    reason: It is only a house.
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
tests:
  - name: lamps
    plan: { subject: home, action: switch_lamp, riskLevel: medium }
    requester: { kind: person, name: ann }
    expect: allow
`;

/** Runs in the states that the examples of the help are about. */
export interface ExampleRuns {
  /** The line with the id of a fitting run in place of `RUN`. */
  fill(line: string): string;
}

/** Makes a plan file and a run for each sort of example. */
export async function createExampleRuns(house: House): Promise<ExampleRuns> {
  const file = join(house.project.directory, 'plan.json');
  await house.operator(['plan', 'switch_lamp', '--lamp-id', '3', '--out', file]);
  const done = await runId(house, ['switch_lamp', '--lamp-id', '1']);
  const held = await runId(house, ['hold_lamp', '--lamp-id', '2', '--for', '1h']);
  const kept = await runId(house, ['hold_lamp', '--lamp-id', '3']);
  const waiting = [
    await runId(house, ['burn_down', '--lamp-id', '2', '--no-on']),
    await runId(house, ['burn_down', '--lamp-id', '2', '--no-on', '--deadline-ms', '4000']),
    await runId(house, ['burn_down', '--lamp-id', '2', '--no-on', '--deadline-ms', '3000']),
  ];
  const fitting = (line: string): string => {
    const [, command = '', word] = line.split(' ');
    if (command === 'lease') return word === 'release' ? kept : held;
    const place = ['approve', 'reject', 'cancel'].indexOf(command);
    return waiting[place] ?? done;
  };
  return { fill: (line) => line.replace(/\bRUN\b/u, fitting(line)) };
}

/** Runs an action and answers with the id of its run. */
export async function runId(
  house: Pick<House, 'operator'>,
  argv: readonly string[],
  user = 'ann',
): Promise<string> {
  const { stdout } = await house.operator(['run', ...argv, '--yes', '--output', 'json'], { user });
  const document: { runId?: string; error?: { facts?: { runId?: string } } } = JSON.parse(stdout);
  const id = document.runId ?? document.error?.facts?.runId;
  if (id === undefined) throw new Error(`there is no run: ${stdout}`);
  return id;
}
