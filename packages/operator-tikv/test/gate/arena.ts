import type { JsonObject } from 'operator-core';
import type { EngineLimits } from 'operator-engine';
import { startTikvSim } from 'operator-tikv-sim';
import type { TikvSim, TikvSimOptions } from 'operator-tikv-sim';
import { PdProxy, runIdOf } from './pd-proxy.ts';
import type { PassingRequest } from './pd-proxy.ts';
import { Site } from './site.ts';
import type { SiteOptions, SiteParts } from './site.ts';

export { drain } from './drain.ts';
export { NOW } from './site.ts';
export type { Era } from './site.ts';

/** Quick enough for tests, and far from the times that they wait for. */
const QUICK: Partial<EngineLimits> = {
  firstLookMs: 1,
  pollMs: 20,
  pollMaxMs: 100,
  stopMs: 500,
  followMs: 30,
  watchMs: 30,
};

/** What an arena is made of, where it is different. */
export interface ArenaOptions extends SiteOptions {
  readonly simulator?: TikvSimOptions;
  /** Whether engines ask PD itself, every member of it, and not the proxy. */
  readonly isDirect?: boolean;
}

/** A simulated cluster, and a site on it. */
export class Arena extends Site {
  readonly sim: TikvSim;
  readonly #isDirect: boolean;

  constructor({ sim, isDirect, ...parts }: SiteParts & { sim: TikvSim; isDirect: boolean }) {
    super(parts);
    this.sim = sim;
    this.#isDirect = isDirect;
  }

  override changes(): readonly PassingRequest[] {
    if (!this.#isDirect) return super.changes();
    return this.sim.requests
      .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
      .map(({ index, method, path, body, headers, status }) => {
        const runId = runIdOf(headers);
        return { index, method, path, body, runId, isChange: true, status: status ?? null };
      })
      .filter(({ runId }) => runId !== null);
  }

  /** Changes something in PD by hand, past plugin and gate. */
  async byHand(method: 'POST' | 'DELETE', path: string, body?: JsonObject): Promise<void> {
    const url = `${this.sim.endpoints[0]}/pd/api/v1${path}`;
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(url, { method, ...given });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.text();
  }

  override async close(): Promise<void> {
    await super.close();
    await this.sim.stop();
  }
}

/** Opens an arena; the caller closes it. */
export async function openArena({
  simulator,
  isDirect = false,
  ...options
}: ArenaOptions = {}): Promise<Arena> {
  const sim = await startTikvSim({ regions: 20, ...simulator });
  const proxy = await new PdProxy(sim.endpoints.slice(0, 1)).open();
  const endpoints = isDirect ? sim.endpoints : proxy.endpoints;
  const quick = { ...options, limits: { ...QUICK, ...options.limits } };
  return new Arena({ sim, proxy, endpoints, isDirect, options: quick });
}

/** Until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const endsAt = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > endsAt) throw new Error(`it was not so within ${ms} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
