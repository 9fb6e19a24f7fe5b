import { isHttpRequest } from 'operator-core';
import type { HttpRequest, JsonObject, Plan, PlannedRequest } from 'operator-core';
import type {
  EngineLimits,
  GatedSubject,
  PlanningResult,
  RunEvent,
  RunResult,
  VerifyResult,
} from 'operator-engine';
import { startTikvSim } from 'operator-tikv-sim';
import type { ReceivedRequest, TikvSim, TikvSimOptions } from 'operator-tikv-sim';
import type { TestContext } from 'vitest';
import { openSubject } from '../open-subject.ts';

/** The two ends of PD's releases that every test is run against. */
export const VERSIONS = ['6.5', '8.5'] as const;

export type Version = (typeof VERSIONS)[number];

/** PD's answer to a request that was sent by hand. */
export interface Said {
  readonly status: number;
  /** PD's words, out of the JSON string that it puts them in. */
  readonly words: string;
}

/** What a plan says besides when and for which cluster it was made. */
export function contentOf(
  plan: Plan,
): Omit<Plan, 'format' | 'digest' | 'createdAt' | 'expiresAt' | 'subject'> {
  const {
    format: _format,
    digest: _digest,
    createdAt: _createdAt,
    expiresAt: _expiresAt,
    subject: _subject,
    ...rest
  } = plan;
  return rest;
}

/** Cases for `test.for`, so that each test has its case's whole title as its name. */
export function byTitle<Case extends { readonly title: string }>(
  cases: readonly Case[],
): readonly (readonly [string, Case])[] {
  return cases.map((one) => [one.title, one] as const);
}

/** A run of a plan and everything that the gate told of it. */
export interface Run {
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
}

/** A simulated cluster, and the plugin on it behind the real gate, loaded by a configuration. */
export class Cluster {
  readonly sim: TikvSim;
  readonly subject: GatedSubject;

  constructor(sim: TikvSim, subject: GatedSubject) {
    this.sim = sim;
    this.subject = subject;
  }

  /** What planning comes to. */
  outcome(action: string, parameters: JsonObject): Promise<PlanningResult> {
    return this.subject.plan(action, parameters);
  }

  /** The plan; anything else fails the test. */
  async plan(action: string, parameters: JsonObject): Promise<Plan> {
    const outcome = await this.outcome(action, parameters);
    if (outcome.kind === 'plan') return outcome.plan;
    throw new Error(`no plan, but ${JSON.stringify(outcome)}`);
  }

  /** Applies a plan; `before` is called before the gate goes on from an event. */
  async apply(
    plan: Plan,
    before: (event: RunEvent) => void | Promise<void> = () => {},
  ): Promise<Run> {
    const events: RunEvent[] = [];
    for await (const event of this.subject.apply(plan)) {
      events.push(event);
      await before(event);
    }
    const last = events.at(-1);
    if (last?.kind !== 'finished') throw new Error('the run did not finish');
    return { result: last.result, events };
  }

  /** Plans and applies. */
  async run(action: string, parameters: JsonObject): Promise<Run> {
    return this.apply(await this.plan(action, parameters));
  }

  /** Plans and applies at once, as a confirmed command does. */
  async runAtOnce(action: string, parameters: JsonObject): Promise<Run> {
    const outcome = await this.subject.plan(action, parameters, { isConfirmed: true });
    if (outcome.kind !== 'plan') throw new Error(`no plan, but ${JSON.stringify(outcome)}`);
    return this.apply(outcome.plan);
  }

  /** Undoes a plan by its inverse. */
  async undo({ inverse }: Plan): Promise<Run> {
    if (!('action' in inverse)) throw new Error(`it has no inverse: ${inverse.none}`);
    return this.run(inverse.action, inverse.parameters);
  }

  /** Looks for an effect of any cause. */
  async verify(action: string, parameters: JsonObject, plan?: Plan): Promise<VerifyResult> {
    const looking = this.subject.verify(action, parameters, plan === undefined ? {} : { plan });
    for (;;) {
      const next = await looking.next();
      if (next.done === true) return next.value;
    }
  }

  /** A region's leader store as PD tells it now, as the contract writes store ids. */
  leaderOf(regionId: number): string {
    return String(this.sim.model.region(regionId)?.leaderStoreId);
  }

  /** The stores that hold a peer of a region, ascending. */
  storesOf(regionId: number): readonly number[] {
    const peers = this.sim.model.region(regionId)?.peers ?? [];
    return peers.map(({ storeId }) => storeId).toSorted((one, other) => one - other);
  }

  /** Every request received so far that could have changed something. */
  changes(): readonly ReceivedRequest[] {
    return this.sim.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
  }

  /** Sends a request by hand, as an administrator would, past plugin and gate. */
  async ask(request: PlannedRequest): Promise<Said> {
    const { method, path, body } = toHttp(request);
    const answer = await fetch(`${this.sim.endpoints[0]}${path}`, { method, body });
    return { status: answer.status, words: toWords(await answer.text()) };
  }

  /** The shorthand of {@link ask} for paths below PD's API. */
  post(path: string, body: JsonObject): Promise<Said> {
    return this.ask({
      purpose: '',
      method: 'POST',
      path: `/pd/api/v1${path}`,
      body: JSON.stringify(body),
    });
  }

  /** The shorthand of {@link ask} for deleting. */
  delete(path: string): Promise<Said> {
    return this.ask({ purpose: '', method: 'DELETE', path: `/pd/api/v1${path}`, body: null });
  }
}

/** The request as one by HTTP, as all requests to PD are. */
export function toHttp(request: PlannedRequest): HttpRequest {
  if (!isHttpRequest(request)) throw new Error(`no HTTP: ${request.text}`);
  return request;
}

/** Options of a cluster: of its simulator, of the time limits of the gate, and a plugin's file in place of this package's. */
export type ClusterOptions = TikvSimOptions & {
  readonly limits?: Partial<EngineLimits>;
  readonly plugin?: string;
  /** True when the configuration names the cluster. Default: false. */
  readonly isNamed?: boolean;
};

/** Starts a cluster that ends with the test whose context is given. */
export async function startCluster(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  { limits, plugin, isNamed = false, ...options }: ClusterOptions,
): Promise<Cluster> {
  const sim = await startTikvSim(options);
  onTestFinished(() => sim.stop());
  const gateLimits = { pollMs: 10, pollMaxMs: 50, ...limits };
  const { subject, close } = await openSubject(sim.endpoints, gateLimits, {
    ...(plugin === undefined ? {} : { plugin }),
    ...(isNamed ? { clusterId: sim.clusterId } : {}),
  });
  onTestFinished(close);
  return new Cluster(sim, subject);
}

function toWords(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'string') return value.startsWith('"') ? toWords(value) : value;
    return body.trim();
  } catch {
    return body.trim();
  }
}
