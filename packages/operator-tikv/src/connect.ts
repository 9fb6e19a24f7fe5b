import type { PluginHost, TlsOptions } from 'operator-core';
import type { PrometheusConfig, TiKVConfig, TiKVTlsConfig } from './config.ts';
import { PDClient } from './pd/index.ts';
import type { PrometheusCredentials } from './prometheus/authorization.ts';
import { PrometheusClient } from './prometheus/prometheus-client.ts';
import { checkTls } from './check-tls.ts';
import { loadMemory } from './memory.ts';
import type { TiKVAction } from './actions/define-change.ts';
import { changes } from './actions/index.ts';
import { TiKVSubject } from './tikv-subject.ts';

/** Makes the subject from validated configuration. Reads files; asks nothing of PD yet. */
export async function connect(
  config: TiKVConfig,
  host: PluginHost,
  actions: readonly TiKVAction[] = changes,
): Promise<TiKVSubject> {
  const tls = await readTls('tls', config.tls, host);
  const pd = new PDClient({
    endpoints: config.pdEndpoints,
    dispatcher: host.openHttp({
      ...(tls === undefined ? {} : { tls }),
      // The host pins it too, independent of the client.
      ...(config.discover ? {} : { origins: config.pdEndpoints.map(toOrigin) }),
    }),
    timeoutMs: config.timeoutMs,
    discover: config.discover,
    ...(config.addressMap === undefined ? {} : { addressMap: config.addressMap }),
    ...(config.clusterId === undefined ? {} : { clusterId: config.clusterId }),
    ...(await loadMemory(host)),
    onWaiting: (waitedMs) => {
      // A shorter wait ends before a person has read about it.
      if (waitedMs < 1000) return;
      host.waiting?.(`no PD leader answers yet (${Math.round(waitedMs / 1000)} s)`);
    },
  });
  const prometheus =
    config.prometheus === undefined
      ? undefined
      : await connectPrometheus(config.prometheus, { host, timeoutMs: config.timeoutMs });
  return new TiKVSubject({ pd, prometheus }, actions);
}

async function connectPrometheus(
  config: PrometheusConfig,
  { host, timeoutMs }: { readonly host: PluginHost; readonly timeoutMs: number },
): Promise<PrometheusClient> {
  const tls = await readTls('prometheus.tls', config.tls, host);
  const credentials = toCredentials(config, host);
  return new PrometheusClient({
    url: config.url,
    // The credentials belong to this server: nothing is sent to another, not even after a redirect.
    dispatcher: host.openHttp({
      origins: [toOrigin(config.url)],
      ...(tls === undefined ? {} : { tls }),
    }),
    timeoutMs,
    ...(config.labels === undefined ? {} : { labels: config.labels }),
    ...(config.replicaLabels === undefined ? {} : { replicaLabels: config.replicaLabels }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

function toCredentials(
  { bearerToken, bearerTokenFile, username, password }: PrometheusConfig,
  host: PluginHost,
): PrometheusCredentials | undefined {
  if (bearerToken !== undefined) return { bearerToken };
  // Tokens in files are renewed by others, so the file is read for every query.
  if (bearerTokenFile !== undefined) return { bearerToken: () => host.readFile(bearerTokenFile) };
  if (username !== undefined && password !== undefined) return { username, password };
  return undefined;
}

async function readTls(
  at: string,
  tls: TiKVTlsConfig | undefined,
  host: PluginHost,
): Promise<TlsOptions | undefined> {
  if (tls === undefined) return undefined;
  const { serverName } = tls;
  const read = (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? Promise.resolve(undefined) : host.readFile(path);
  const [ca, cert, key] = await Promise.all([read(tls.ca), read(tls.cert), read(tls.key)]);
  const options = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { serverName }),
  };
  await checkTls(at, options);
  return options;
}

function toOrigin(url: string): string {
  return new URL(url).origin;
}
