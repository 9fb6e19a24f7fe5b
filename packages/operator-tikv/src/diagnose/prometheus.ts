import type { CallOptions, Diagnosis } from 'operator-core';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';
import { readStoreSeries } from '../prometheus/store-series.ts';
import { toStoreBasics } from '../reads/store-basics.ts';
import type { StoreTable } from '../reads/store-table.ts';
import { attempt, failed, fine, nameStores, warning } from './finding.ts';
import type { Attempt, Finding } from './finding.ts';

/** Checks that Prometheus answers and knows the stores. */
export async function judgePrometheus(
  prometheus: PrometheusClient | null,
  table: Attempt<StoreTable>,
  options: CallOptions,
): Promise<Diagnosis> {
  if (prometheus === null) {
    const message = 'Not configured: latency, request rates and CPU stay unknown.';
    return { check: 'prometheus', ...fine(message) };
  }
  const check = `prometheus ${prometheus.url}`;
  const answer = await attempt(prometheus.query('vector(1)', options), options);
  if (!answer.ok) return { check, ...failed(answer.message, answer.remedy) };
  if (!table.ok) {
    const message = 'Prometheus answers; without PD its stores cannot be compared.';
    return { check, state: 'unknown', message, remedy: table.remedy };
  }
  return { check, ...(await judgeMatches(prometheus, table.value, options)) };
}

async function judgeMatches(
  prometheus: PrometheusClient,
  table: StoreTable,
  options: CallOptions,
): Promise<Finding> {
  const series = await readStoreSeries(prometheus, options);
  const stores = table.stores
    .map((store) => toStoreBasics(store, table))
    .filter(({ engine }) => engine === 'tikv');
  const unmatched = stores.filter((store) => !series.has(store)).map(({ storeId }) => storeId);
  const matched = stores.length - unmatched.length;
  const message = `Prometheus knows ${matched} of ${stores.length} TiKV stores by status address`;
  if (series.problems.length > 0) {
    return warning(`${message}, but: ${series.problems.join('; ')}.`, ONE_SERIES);
  }
  if (unmatched.length === 0) return fine(`${message}.`);
  const missing = `${message}; it has nothing of ${nameStores(unmatched)}.`;
  return matched === 0 ? failed(missing, SCRAPE) : warning(missing, SCRAPE);
}

const SCRAPE =
  'Let Prometheus scrape the status address of every store, with it as the label `instance`.';

const ONE_SERIES =
  'Where it holds several clusters, set `prometheus.labels` to those of this cluster; where two Prometheus scrape the same stores, `prometheus.replicaLabels`; where it answers in part, bring back what is missing.';
