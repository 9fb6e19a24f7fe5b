import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from 'operator-engine';
import type { Engine, EngineLimits, EngineOptions, GatedSubject } from 'operator-engine';
import { LampHouse } from './lamp-house.ts';

const plugin = fileURLToPath(new URL('lamp-plugin.ts', import.meta.url));

/** Quick enough for tests, and far from the times that they wait for. */
const QUICK: Partial<EngineLimits> = { firstLookMs: 1, pollMs: 5, pollMaxMs: 20, stopMs: 300 };

export interface Lamps extends AsyncDisposable {
  readonly house: LampHouse;
  readonly engine: Engine;
  readonly subject: GatedSubject;
}

/** A lamp house, and the subject that operates it through a configuration on disk. */
export async function openLamps(
  options: Partial<EngineOptions> & {
    mischief?: readonly string[];
    urls?: readonly string[];
    settings?: object;
  } = {},
): Promise<Lamps> {
  const { mischief = [], urls = [], settings = {}, limits = {}, ...rest } = options;
  const house = await new LampHouse().open();
  const directory = makeDirectory();
  const config = { urls: [...urls, house.url], mischief, ...settings };
  const subjects = { home: { plugin, config } };
  writeFileSync(join(directory, 'operator.config.json'), JSON.stringify({ subjects }));
  const engine = await openEngine({
    cwd: directory,
    env: {},
    hostUrl: import.meta.url,
    limits: { ...QUICK, ...limits },
    ...rest,
  });
  const subject = await engine.openSubject();
  return {
    house,
    engine,
    subject,
    [Symbol.asyncDispose]: async () => {
      await engine.close();
      await house.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'operator-engine-'));
}
