import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject, Plan } from 'operator-core';
import { openEngine } from 'operator-engine';
import type {
  Engine,
  EngineLimits,
  LedgerClock,
  LedgerLimits,
  RunEvent,
  RunResult,
} from 'operator-engine';
import { startTikvSim } from 'operator-tikv-sim';
import type { TikvSim, TikvSimOptions } from 'operator-tikv-sim';
import { createClock } from './clocks.ts';
import { PdProxy, runIdOf } from './pd-proxy.ts';
import type { PassingRequest } from './pd-proxy.ts';
import type { Step, WorkerTask } from './worker-task.ts';

const PLUGIN = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

/** Quick enough for tests, and far from the times that they wait for. */
const QUICK: Partial<EngineLimits> = {
  firstLookMs: 1,
  pollMs: 20,
  pollMaxMs: 100,
  stopMs: 500,
  followMs: 30,
  watchMs: 30,
};

/** Everything is allowed, as often as one likes. */
const ALLOW_ALL = `
rules:
  - { id: all, when: {}, decision: allow, reason: Everything may be tried here. }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;

/** When an engine works: how far behind, and since which start of the machine. */
export interface Era {
  readonly behindMs: number;
  readonly boot: string | null;
}

/** Now, on the machine as it is. */
export const NOW: Era = { behindMs: 0, boot: null };

/** What an arena is made of, where it is different. */
export interface ArenaOptions {
  readonly simulator?: TikvSimOptions;
  readonly policy?: string;
  readonly limits?: Partial<EngineLimits>;
  readonly ledgerLimits?: Partial<LedgerLimits>;
  /** The clock of engines of now. */
  readonly clock?: LedgerClock;
  /** Whether engines ask PD itself, every member of it, and not the proxy. */
  readonly isDirect?: boolean;
}

/** A simulated cluster behind a proxy, a configuration on disk with a ledger, and engines on both. */
export class Arena {
  readonly sim: TikvSim;
  readonly proxy: PdProxy;
  readonly directory: string;
  readonly limits: Partial<EngineLimits>;
  readonly ledgerLimits: Partial<LedgerLimits>;
  readonly #isDirect: boolean;
  readonly #clock: LedgerClock | undefined;
  readonly #engines: Engine[] = [];

  constructor(parts: { sim: TikvSim; proxy: PdProxy; directory: string; options: ArenaOptions }) {
    const { sim, proxy, directory, options } = parts;
    this.sim = sim;
    this.proxy = proxy;
    this.directory = directory;
    this.limits = { ...QUICK, ...options.limits };
    this.ledgerLimits = options.ledgerLimits ?? {};
    this.#isDirect = options.isDirect ?? false;
    this.#clock = options.clock;
  }

  get ledgerPath(): string {
    return join(this.directory, '.operator', 'ledger.db');
  }

  /** An engine as a process of that time would have it. */
  async engine(era: Era = NOW, limits: Partial<EngineLimits> = {}): Promise<Engine> {
    const { behindMs, boot } = era;
    const clock = boot === null ? this.#clock : createClock({ behindMs, boot });
    const engine = await openEngine({
      cwd: this.directory,
      env: {},
      hostUrl: import.meta.url,
      actor: { kind: 'person', name: 'cleo' },
      limits: { ...this.limits, ...limits },
      ledgerLimits: this.ledgerLimits,
      ...(clock === undefined ? {} : { ledgerClock: clock }),
    });
    this.#engines.push(engine);
    return engine;
  }

  /** What a process of that time is told to do. */
  task(steps: readonly Step[], era: Era, pace: WorkerTask['pace']): WorkerTask {
    const { directory, limits, ledgerLimits } = this;
    return { directory, actor: 'ada', ...era, limits, ledgerLimits, pace, steps };
  }

  /** What was sent and could have changed something, but not by hand. */
  changes(): readonly PassingRequest[] {
    if (!this.#isDirect) return this.proxy.changes();
    return this.sim.requests
      .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
      .map(({ index, method, path, body, headers, status }) => {
        const runId = runIdOf(headers);
        return { index, method, path, body, runId, isChange: true, status: status ?? null };
      })
      .filter(({ runId }) => runId !== null);
  }

  /** The plan; anything else fails the test. */
  async plan(engine: Engine, action: string, parameters: JsonObject): Promise<Plan> {
    const subject = await engine.openSubject();
    const outcome = await subject.plan(action, parameters);
    if (outcome.kind === 'plan') return outcome.plan;
    throw new Error(`no plan, but ${JSON.stringify(outcome)}`);
  }

  /** Changes something in PD by hand, past plugin and gate. */
  async byHand(method: 'POST' | 'DELETE', path: string, body?: JsonObject): Promise<void> {
    const url = `${this.sim.endpoints[0]}/pd/api/v1${path}`;
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(url, { method, ...given });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.text();
  }

  async close(): Promise<void> {
    for (const engine of this.#engines) await engine.close();
    await this.proxy.close();
    await this.sim.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Opens an arena; whoever opens it closes it. */
export async function openArena(options: ArenaOptions = {}): Promise<Arena> {
  const sim = await startTikvSim({ regions: 20, ...options.simulator });
  const proxy = await new PdProxy(sim.endpoints[0] ?? '').open();
  const directory = mkdtempSync(join(tmpdir(), 'operator-gate-'));
  const endpoints = options.isDirect === true ? sim.endpoints : [proxy.endpoint];
  writeConfig(directory, endpoints, options.policy ?? ALLOW_ALL);
  return new Arena({ sim, proxy, directory, options });
}

/** Writes what an engine is opened with. */
function writeConfig(directory: string, pdEndpoints: readonly string[], policy: string): void {
  const subjects = { test: { plugin: PLUGIN, config: { pdEndpoints } } };
  writeFileSync(join(directory, 'operator.policy.yaml'), policy);
  const content = { subjects, policy: './operator.policy.yaml' };
  writeFileSync(join(directory, 'operator.config.json'), JSON.stringify(content));
}

/** All events of a run, and what it came to. */
export async function drain(
  run: AsyncGenerator<RunEvent, RunResult>,
  before: (event: RunEvent) => void | Promise<void> = () => undefined,
): Promise<{ readonly events: readonly RunEvent[]; readonly result: RunResult }> {
  const events: RunEvent[] = [];
  for await (const event of run) {
    events.push(event);
    await before(event);
  }
  const last = events.at(-1);
  if (last?.kind !== 'finished') throw new Error('the run did not finish');
  return { events, result: last.result };
}

/** Until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const endsAt = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > endsAt) throw new Error(`it was not so within ${ms} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
