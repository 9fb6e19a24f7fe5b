import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, Plan } from 'operator-core';
import { openEngine } from 'operator-engine';
import type { Engine, EngineLimits, LedgerClock, LedgerLimits } from 'operator-engine';
import { bundleProgram } from 'operator-test-programs';
import { createClock } from './clocks.ts';
import type { PassingRequest, PdProxy } from './pd-proxy.ts';
import type { Step, WorkerTask } from './worker-task.ts';

export const PLUGIN = bundleProgram(new URL('../../src/index.ts', import.meta.url));

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

/** How engines work, where it is different. */
export interface SiteOptions {
  readonly policy?: string;
  readonly limits?: Partial<EngineLimits>;
  readonly ledgerLimits?: Partial<LedgerLimits>;
  /** The clock of engines of now. */
  readonly clock?: LedgerClock;
}

/** What a site is made of. */
export interface SiteParts {
  readonly proxy: PdProxy;
  /** What engines ask; the proxy, unless it is said. */
  readonly endpoints?: readonly string[];
  readonly options: SiteOptions;
}

/** A configuration on disk with a ledger, engines and processes on it, and the proxy between them and PD. */
export class Site {
  readonly proxy: PdProxy;
  readonly directory: string;
  readonly limits: Partial<EngineLimits>;
  readonly ledgerLimits: Partial<LedgerLimits>;
  readonly #clock: LedgerClock | undefined;
  readonly #engines: Engine[] = [];

  constructor({ proxy, endpoints = proxy.endpoints, options }: SiteParts) {
    this.proxy = proxy;
    this.directory = mkdtempSync(join(tmpdir(), 'operator-gate-'));
    writeConfig(this.directory, endpoints, options.policy ?? ALLOW_ALL);
    this.limits = options.limits ?? {};
    this.ledgerLimits = options.ledgerLimits ?? {};
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
    return this.proxy.changes();
  }

  /** The plan; anything else fails the test. */
  async plan(
    engine: Engine,
    action: string,
    parameters: JsonObject,
    options: { readonly validForMs?: number } = {},
  ): Promise<Plan> {
    const subject = await engine.openSubject();
    const outcome = await subject.plan(action, parameters, options);
    if (outcome.kind === 'plan') return outcome.plan;
    throw new Error(`no plan, but ${JSON.stringify(outcome)}`);
  }

  async close(): Promise<void> {
    for (const engine of this.#engines) await engine.close();
    await this.proxy.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Writes what an engine is opened with. */
function writeConfig(directory: string, pdEndpoints: readonly string[], policy: string): void {
  const subjects = { test: { plugin: PLUGIN, config: { pdEndpoints } } };
  writeFileSync(join(directory, 'operator.policy.yaml'), policy);
  const content = { subjects, policy: './operator.policy.yaml' };
  writeFileSync(join(directory, 'operator.config.json'), JSON.stringify(content));
}
