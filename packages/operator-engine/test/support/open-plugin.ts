import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from 'operator-core';
import { openEngine } from 'operator-engine';
import type { Engine, EngineLimits, EngineOptions, GatedSubject } from 'operator-engine';
import { ADA, ALLOW_ALL, QUICK, QUICK_LEDGER } from './open-lamps.ts';

export interface OpenPlugin extends AsyncDisposable {
  readonly directory: string;
  readonly engine: Engine;
  readonly subject: GatedSubject;
  /** The plan of an action, which must come to one. */
  plan(action: string, parameters: unknown): Promise<Plan>;
}

/** Opens a plugin of a file through a configuration on disk. */
export async function openPlugin(
  file: URL,
  config: object,
  options: Partial<EngineOptions> & {
    readonly limits?: Partial<EngineLimits>;
    readonly policy?: string;
  } = {},
): Promise<OpenPlugin> {
  const { policy = ALLOW_ALL, ...rest } = options;
  const directory = mkdtempSync(join(tmpdir(), 'operator-plugin-'));
  const plugin = fileURLToPath(file);
  writeFileSync(join(directory, 'policy.yaml'), policy);
  const content = { subjects: { one: { plugin, config } }, policy: './policy.yaml' };
  writeFileSync(join(directory, 'operator.config.json'), JSON.stringify(content));
  const engine = await openEngine({
    cwd: directory,
    env: {},
    hostUrl: import.meta.url,
    actor: ADA,
    ledgerLimits: QUICK_LEDGER,
    ...rest,
    limits: { ...QUICK, ...rest.limits },
  });
  const subject = await engine.openSubject();
  return {
    directory,
    engine,
    subject,
    plan: async (action, parameters) => {
      const planned = await subject.plan(action, parameters);
      if (planned.kind !== 'plan') throw new Error(`It came to ${JSON.stringify(planned)}.`);
      return planned.plan;
    },
    [Symbol.asyncDispose]: async () => {
      await engine.close();
      rmSync(directory, { recursive: true });
    },
  };
}
