import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from 'operator-core';
import { openEngine } from 'operator-engine';
import type { Engine, GatedSubject } from 'operator-engine';

const PLUGIN = fileURLToPath(new URL('switchboard-plugin.ts', import.meta.url));
/** Memory that looks like a disk. */
const IN_MEMORY = '/dev/shm';

/** Everything is allowed, as often as one likes. */
const POLICY = `
rules:
  - { id: all, when: {}, decision: allow, reason: It costs nothing. }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;

/** The gate in front of a system that answers at once. */
export interface Bench extends AsyncDisposable {
  readonly directory: string;
  readonly engine: Engine;
  readonly subject: GatedSubject;
}

/** Opens an engine on a new ledger. `inMemory`: nothing waits for a disk, where the machine can do that. */
export async function openSwitchboard({ inMemory = false } = {}): Promise<Bench> {
  const place = inMemory && existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir();
  const directory = await mkdtemp(join(place, 'operator-bench-'));
  const subjects = { bench: { plugin: PLUGIN, config: {} } };
  await writeFile(join(directory, 'operator.policy.yaml'), POLICY);
  await writeFile(
    join(directory, 'operator.config.json'),
    JSON.stringify({ subjects, policy: './operator.policy.yaml' }),
  );
  const engine = await openEngine({
    cwd: directory,
    env: {},
    hostUrl: import.meta.url,
    actor: { kind: 'program', name: 'bench' },
    limits: { firstLookMs: 0, pollMs: 1 },
  });
  const subject = await engine.openSubject();
  return {
    directory,
    engine,
    subject,
    [Symbol.asyncDispose]: async () => {
      await engine.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** A plan that disturbs only its own switch. */
export async function planPress(subject: GatedSubject, switchId: number): Promise<Plan> {
  const planned = await subject.plan('press_switch', { switch_id: switchId });
  if (planned.kind !== 'plan') throw new Error(`planning ended with ${planned.kind}`);
  return planned.plan;
}

/** Requests, carries out and proves a plan. */
export async function press(subject: GatedSubject, plan: Plan): Promise<void> {
  for await (const event of subject.apply(plan)) {
    if (event.kind !== 'finished' || event.result.state === 'succeeded') continue;
    throw new Error(`the run ended with ${event.result.state}: ${event.result.summary}`);
  }
}
