import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from 'operator-engine';
import type {
  Actor,
  Engine,
  EngineLimits,
  EngineOptions,
  GatedSubject,
  LedgerLimits,
  OsActor,
} from 'operator-engine';
import { LampHouse } from './lamp-house.ts';

const plugin = fileURLToPath(new URL('lamp-plugin.ts', import.meta.url));

/** Quick enough for tests, and far from the times that they wait for. */
export const QUICK: Partial<EngineLimits> = {
  firstLookMs: 1,
  pollMs: 5,
  pollMaxMs: 20,
  stopMs: 300,
  followMs: 20,
  watchMs: 20,
};

/** A dead owner is recognised soon, and a living one on a busy machine is not mistaken for dead. */
export const QUICK_LEDGER: Partial<LedgerLimits> = { ownerTtlMs: 3_000, permitMarginMs: 500 };

/** Everything is allowed, as often as one likes; what needs consent by itself still does. */
export const ALLOW_ALL = `
rules:
  - { id: all, when: {}, decision: allow, reason: Lamps are harmless. }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;

export const ADA: Actor = { kind: 'person', name: 'ada' };
export const BOB: Actor = { kind: 'person', name: 'bob' };

export interface Lamps extends AsyncDisposable {
  readonly house: LampHouse;
  /** Where configuration, policy and ledger are. */
  readonly directory: string;
  readonly engine: Engine;
  readonly subject: GatedSubject;
  /** Another engine on the same configuration, as another process or person would have it. */
  readonly open: (actor?: Actor | OsActor) => Promise<{ engine: Engine; subject: GatedSubject }>;
}

/** Deviations from a server without faults. */
export type LampOptions = Partial<EngineOptions> & {
  readonly mischief?: readonly string[];
  readonly urls?: readonly string[];
  readonly settings?: object;
  /** The policy file's text. */
  readonly policy?: string;
};

/** A lamp server, and the subject that operates it through a configuration on disk. */
export async function openLamps(options: LampOptions = {}): Promise<Lamps> {
  const { mischief = [], urls = [], settings = {}, policy = ALLOW_ALL, ...rest } = options;
  const house = await new LampHouse().open();
  const directory = makeDirectory();
  writeConfig(directory, { urls: [...urls, house.url], mischief, ...settings }, policy);
  const engines: Engine[] = [];
  const open: Lamps['open'] = async (actor = ADA) => {
    const engine = await openEngine({
      cwd: directory,
      env: {},
      hostUrl: import.meta.url,
      actor,
      ledgerLimits: QUICK_LEDGER,
      ...rest,
      limits: { ...QUICK, ...rest.limits },
    });
    engines.push(engine);
    return { engine, subject: await engine.openSubject() };
  };
  return {
    house,
    directory,
    ...(await open()),
    open,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(engines.map((engine) => engine.close()));
      await house.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Writes what an engine is opened with. */
function writeConfig(directory: string, config: object, policy: string): void {
  writeFileSync(join(directory, 'operator.policy.yaml'), policy);
  const subjects = { home: { plugin, config } };
  const content = { subjects, policy: './operator.policy.yaml' };
  writeFileSync(join(directory, 'operator.config.json'), JSON.stringify(content));
}

export function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'operator-engine-'));
}
