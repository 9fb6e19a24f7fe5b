import { isUnknown, OperatorError, unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { PrometheusClient } from './prometheus-client.ts';
import type { QueryAnswer } from './query-answer.ts';

/** What Prometheus knows of one store. */
export interface StoreSeries {
  /** gRPC requests answered, a second. */
  readonly requestsPerSecond: OrUnknown<number>;
  /** The time within which 99 % of them were answered, milliseconds. */
  readonly latencyP99Ms: OrUnknown<number>;
  /** CPU seconds used, a second. */
  readonly cpuCores: OrUnknown<number>;
}

/** What identifies a store's series. */
export interface SeriesStore {
  readonly engine: 'tikv' | 'tiflash';
  /** TiKV serves its metrics there, so it is what Prometheus has as `instance`; the gRPC address is not. */
  readonly statusAddress: OrUnknown<string>;
}

interface Series {
  readonly valueOf: (instance: string) => OrUnknown<number>;
  readonly instances: ReadonlySet<string>;
}

/** The series of all stores, read at once. */
export interface AllStoreSeries {
  readonly of: (store: SeriesStore) => StoreSeries;
  /** Whether at least one metric has a series for the store. */
  readonly has: (store: SeriesStore) => boolean;
}

const WINDOW = '2m';

/** One expression a metric, for all stores at once. `kv_gc` lasts for minutes by design and would hide the rest. */
const STORE_EXPRESSIONS = {
  requestsPerSecond: `sum by (instance) (rate(tikv_grpc_msg_duration_seconds_count{type!="kv_gc"}[${WINDOW}]))`,
  latencyP99Ms: `histogram_quantile(0.99, sum by (instance, le) (rate(tikv_grpc_msg_duration_seconds_bucket{type!="kv_gc"}[${WINDOW}]))) * 1000`,
  cpuCores: `sum by (instance) (rate(tikv_thread_cpu_seconds_total[${WINDOW}]))`,
} as const satisfies Record<keyof StoreSeries, string>;

/** Reads the series of all stores: one query a metric. Rejects only with the reason of an aborted signal. */
export async function readStoreSeries(
  prometheus: PrometheusClient | null,
  options: CallOptions = {},
): Promise<AllStoreSeries> {
  const [requestsPerSecond, latencyP99Ms, cpuCores] = await Promise.all([
    readSeries(prometheus, STORE_EXPRESSIONS.requestsPerSecond, options),
    readSeries(prometheus, STORE_EXPRESSIONS.latencyP99Ms, options),
    readSeries(prometheus, STORE_EXPRESSIONS.cpuCores, options),
  ]);
  return {
    of: (store) => ({
      requestsPerSecond: valueFor(store, requestsPerSecond),
      latencyP99Ms: valueFor(store, latencyP99Ms),
      cpuCores: valueFor(store, cpuCores),
    }),
    has: ({ statusAddress }) =>
      typeof statusAddress === 'string' &&
      [requestsPerSecond, latencyP99Ms, cpuCores].some((s) => s.instances.has(statusAddress)),
  };
}

function valueFor(store: SeriesStore, series: Series): OrUnknown<number> {
  if (store.engine === 'tiflash') return unknownBecause('TiFlash does not export this metric');
  if (isUnknown(store.statusAddress)) return store.statusAddress;
  return series.valueOf(store.statusAddress);
}

async function readSeries(
  prometheus: PrometheusClient | null,
  expression: string,
  options: CallOptions,
): Promise<Series> {
  if (prometheus === null) return noSeries('Prometheus is not configured');
  try {
    return toSeries(await prometheus.query(expression, options));
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return noSeries(OperatorError.isInstance(error) ? error.message : String(error));
  }
}

function toSeries({ samples, warnings }: QueryAnswer): Series {
  const [warning] = warnings;
  // A sum over a part of the series looks like any other sum.
  if (warning !== undefined) return noSeries(`Prometheus answered in part: ${warning}`);
  const values = new Map(samples.map(({ labels, value }) => [labels['instance'], value]));
  return {
    valueOf: (instance) => toValue(values.get(instance), instance),
    instances: new Set([...values.keys()].filter((key) => key !== undefined)),
  };
}

function toValue(value: number | undefined, instance: string): OrUnknown<number> {
  if (value === undefined) {
    return unknownBecause(
      `Prometheus has no series of the last ${WINDOW} with instance="${instance}"`,
    );
  }
  if (Number.isFinite(value)) return value;
  return unknownBecause(`Prometheus answered ${value}: nothing was measured in the last ${WINDOW}`);
}

function noSeries(reason: string): Series {
  return { valueOf: () => unknownBecause(reason), instances: new Set() };
}
