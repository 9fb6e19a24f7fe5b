import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from 'operator-engine';
import type { Engine, EngineLimits, GatedSubject } from 'operator-engine';

/** What is tested with it are the actions: one after the other, as often as a test likes. */
const NO_LIMITS = `
rules: [{ id: all, when: {}, decision: allow, reason: It is a test. }]
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;

const PLUGIN = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/** A subject behind the gate, and how to be done with it. */
export interface OpenedSubject {
  readonly engine: Engine;
  readonly subject: GatedSubject;
  readonly close: () => Promise<void>;
}

/** Opens the plugin on some PD as a host does: by a configuration file. */
export async function openSubject(
  pdEndpoints: readonly string[],
  limits: Partial<EngineLimits> = {},
  { plugin = PLUGIN, clusterId }: { readonly plugin?: string; readonly clusterId?: string } = {},
): Promise<OpenedSubject> {
  const folder = await mkdtemp(join(tmpdir(), 'operator-tikv-'));
  const subjects = { test: { plugin, config: { pdEndpoints, clusterId } } };
  const config = { subjects, policy: './operator.policy.yaml' };
  await writeFile(join(folder, 'operator.config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'operator.policy.yaml'), NO_LIMITS);
  const engine = await openEngine({
    cwd: folder,
    env: {},
    hostUrl: import.meta.url,
    actor: { kind: 'program', name: 'test' },
    limits,
  });
  const close = async (): Promise<void> => {
    await engine.close();
    await rm(folder, { recursive: true });
  };
  return { engine, subject: await engine.openSubject(), close };
}
