/** The range over which rates are averaged. */
export const RATE_WINDOW = '2m';

/** Labels that every series of a query must have. */
type Labels = Readonly<Record<string, string>>;

/**
 * One expression a metric, for all stores at once. They add up over the labels that TiKV itself gives a metric and
 * keep all others, of the target and of Prometheus: two series of one store that differ in another label were
 * scraped twice, or are of two clusters, and must not be added up. `kv_gc` lasts for minutes by design
 * and would hide the rest.
 */
export const STORE_EXPRESSIONS = {
  requestsPerSecond: (labels: Labels): string =>
    `sum without (type, priority) (${rate('tikv_grpc_msg_duration_seconds_count', labels, 'type!="kv_gc"')})`,
  latencyP99Ms: (labels: Labels): string =>
    `histogram_quantile(0.99, sum without (type, priority) (${rate('tikv_grpc_msg_duration_seconds_bucket', labels, 'type!="kv_gc"')})) * 1000`,
  cpuCores: (labels: Labels): string =>
    `sum without (name, tid) (${rate('tikv_thread_cpu_seconds_total', labels)})`,
};

function rate(metric: string, labels: Labels, ...matchers: readonly string[]): string {
  const given = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const all = [...matchers, ...given].join(',');
  return `rate(${metric}${all === '' ? '' : `{${all}}`}[${RATE_WINDOW}])`;
}
