import { isUnknown, OperatorError, unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import { RATE_WINDOW, STORE_EXPRESSIONS } from './expressions.ts';
import { findValues } from './instance-values.ts';
import type { PrometheusClient } from './prometheus-client.ts';
import type { QueryAnswer } from './query-answer.ts';

/** The numbers that Prometheus has of one store. */
export interface StoreSeries {
  /** gRPC requests answered, a second. */
  readonly requestsPerSecond: OrUnknown<number>;
  /** The time within which 99 % of them were answered, milliseconds. */
  readonly latencyP99Ms: OrUnknown<number>;
  /** CPU seconds used, a second. */
  readonly cpuCores: OrUnknown<number>;
}

/** The members of a store that identify its series. */
export interface SeriesStore {
  readonly engine: 'tikv' | 'tiflash';
  /** TiKV serves its metrics there, so that Prometheus has it as `instance`, not the gRPC address. */
  readonly statusAddress: OrUnknown<string>;
}

/** One metric of all stores. */
interface Series {
  readonly valueOf: (instance: string) => OrUnknown<number>;
  readonly instances: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/** The series of all stores, read at once. */
export interface AllStoreSeries {
  readonly of: (store: SeriesStore) => StoreSeries;
  /** True when at least one metric has a series for the store. */
  readonly has: (store: SeriesStore) => boolean;
  /** Reasons that an answer of Prometheus cannot be used or is doubtful, each once. */
  readonly problems: readonly string[];
}

/** Reads the series of all stores: one query a metric. Rejects only with the reason of an aborted signal. */
export async function readStoreSeries(
  prometheus: PrometheusClient | null,
  options: CallOptions = {},
): Promise<AllStoreSeries> {
  const [requestsPerSecond, latencyP99Ms, cpuCores] = await Promise.all([
    readSeries(prometheus, 'requestsPerSecond', options),
    readSeries(prometheus, 'latencyP99Ms', options),
    readSeries(prometheus, 'cpuCores', options),
  ]);
  const all = [requestsPerSecond, latencyP99Ms, cpuCores];
  return {
    of: (store) => ({
      requestsPerSecond: valueFor(store, requestsPerSecond),
      latencyP99Ms: valueFor(store, latencyP99Ms),
      cpuCores: valueFor(store, cpuCores),
    }),
    has: ({ statusAddress }) =>
      typeof statusAddress === 'string' &&
      all.some(({ instances }) => instances.has(statusAddress)),
    problems: [...new Set(all.flatMap(({ problems }) => problems))],
  };
}

function valueFor(store: SeriesStore, series: Series): OrUnknown<number> {
  if (store.engine === 'tiflash') return unknownBecause('TiFlash does not export this metric');
  if (isUnknown(store.statusAddress)) return store.statusAddress;
  return series.valueOf(store.statusAddress);
}

async function readSeries(
  prometheus: PrometheusClient | null,
  metric: keyof StoreSeries,
  options: CallOptions,
): Promise<Series> {
  if (prometheus === null) return noSeries('Prometheus is not configured');
  try {
    const expression = STORE_EXPRESSIONS[metric](prometheus.labels);
    return toSeries(await prometheus.query(expression, options), prometheus.replicaLabels);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return noSeries(OperatorError.isInstance(error) ? error.message : String(error));
  }
}

function toSeries(answer: QueryAnswer, replicaLabels: readonly string[]): Series {
  const [warning] = answer.warnings;
  // A sum over a part of the series looks like any other sum.
  if (warning !== undefined) return noSeries(`Prometheus answered in part: ${warning}`);
  const { values, ambiguous } = findValues(answer.samples, replicaLabels);
  return {
    valueOf: (instance) => values.get(instance) ?? noValue(instance),
    instances: new Set(values.keys()),
    problems: [...ambiguous, ...answer.infos.map((info) => `Prometheus notes: ${info}`)],
  };
}

function noValue(instance: string): OrUnknown<number> {
  return unknownBecause(
    `Prometheus has no series of the last ${RATE_WINDOW} with instance="${instance}"`,
  );
}

function noSeries(reason: string): Series {
  return { valueOf: () => unknownBecause(reason), instances: new Set(), problems: [reason] };
}
