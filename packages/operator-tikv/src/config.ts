import type { InferParameters } from 'operator-core';
import * as z from 'zod/mini';
import { defineParameters } from './contract/define-parameters.ts';

const LONGEST_TIMEOUT_MS = 600_000;

const endpoint = z
  .string()
  .check(
    z.refine(
      isEndpoint,
      'must be http://host:port or https://host:port, without path, query or credentials',
    ),
  );

const addressMap = z
  .record(endpoint, endpoint)
  .check(z.refine(hasNoTwins, 'names one advertised URL twice, in two spellings'));

const optionalText = z.optional(z.string().check(z.minLength(1)));

const labelName = z
  .string()
  .check(z.regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/u, 'must be the name of a label'));

const tls = z
  .strictObject({
    ca: optionalText.check(z.describe('File of the certificates to trust (PEM)')),
    cert: optionalText.check(z.describe('File of the client certificate (PEM), with `key`')),
    key: optionalText.check(z.describe("File of the client certificate's private key (PEM)")),
    serverName: optionalText.check(z.describe("Name to expect in the server's certificate")),
  })
  .check(
    z.refine(
      ({ cert, key }) => (cert === undefined) === (key === undefined),
      'cert and key go together: give both or neither',
    ),
  );

const prometheus = z
  .strictObject({
    url: z
      .string()
      .check(
        z.refine(isBaseUrl, 'must be an http or https URL without query or credentials'),
        z.describe('Base URL, with a path prefix if it has one'),
      ),
    labels: z
      .optional(z.record(labelName, z.string()))
      .check(
        z.describe(
          'Labels of the series of this cluster, as { cluster: prod }; needed when Prometheus holds several clusters',
        ),
      ),
    replicaLabels: z
      .optional(z.array(labelName))
      .check(
        z.describe(
          'Labels that differ between several Prometheus of the same stores, as [replica]',
        ),
      ),
    bearerToken: optionalText.check(z.meta({ secret: true, description: 'Token to send' })),
    bearerTokenFile: optionalText.check(
      z.describe('File with the token; read again for every query'),
    ),
    username: z
      .optional(z.string().check(z.regex(/^[^:]+$/u, 'must not be empty or hold a colon')))
      .check(z.describe('Name for basic authentication, with `password`')),
    password: z
      .optional(z.string())
      .check(z.meta({ secret: true, description: 'Password for basic authentication' })),
    tls: z.optional(tls).check(z.describe('TLS to Prometheus')),
  })
  .check(
    z.refine(
      ({ username, password }) => (username === undefined) === (password === undefined),
      'username and password go together: give both or neither',
    ),
    z.refine(
      ({ bearerToken, bearerTokenFile, username }) =>
        [bearerToken, bearerTokenFile, username].filter((way) => way !== undefined).length <= 1,
      'give one of bearerToken, bearerTokenFile, or username with password',
    ),
  );

/** The `config` section of a subject of this plugin. File names are relative to the configuration file. */
export const configSchema = defineParameters({
  pdEndpoints: z
    .array(endpoint)
    .check(
      z.minLength(1),
      z.describe('Client URLs of PD members; list all, so that one may be down'),
    ),
  clusterId: z
    .optional(
      z
        .string('must be text: put the digits in quotes, the number is too long for YAML and JSON')
        .check(z.regex(/^[1-9][0-9]{0,19}$/u, 'must be the decimal digits of the cluster id')),
    )
    .check(z.describe('ID of the cluster; an endpoint of any other cluster is not used')),
  discover: z
    ._default(z.boolean(), true)
    .check(z.describe('Find and ask members that are not in pdEndpoints')),
  addressMap: z
    .optional(addressMap)
    .check(
      z.describe('Map of client URLs that PD advertises to the URLs that reach them from here'),
    ),
  tls: z.optional(tls).check(z.describe('TLS to PD')),
  prometheus: z
    .optional(prometheus)
    .check(
      z.describe('Prometheus for latency, request rates and CPU, which are unknown without it'),
    ),
  timeoutMs: z
    ._default(z.int().check(z.minimum(1), z.maximum(LONGEST_TIMEOUT_MS)), 10_000)
    .check(z.describe('Milliseconds that one request may take')),
});

/** Validated configuration. */
export type TiKVConfig = InferParameters<typeof configSchema>;

/** The `tls` part of a configuration. */
export type TiKVTlsConfig = z.infer<typeof tls>;

/** The `prometheus` part of a configuration. */
export type PrometheusConfig = z.infer<typeof prometheus>;

function isEndpoint(text: string): boolean {
  const url = parseHttpUrl(text);
  return url !== null && url.pathname === '/' && !text.includes('?') && !text.includes('#');
}

function isBaseUrl(text: string): boolean {
  return parseHttpUrl(text) !== null && !text.includes('?') && !text.includes('#');
}

/** True when no two keys are the same endpoint, once with and once without its default port for instance. */
function hasNoTwins(map: Readonly<Record<string, string>>): boolean {
  const origins = Object.keys(map).map((text) => parseHttpUrl(text)?.origin);
  return new Set(origins).size === origins.length;
}

/** An http(s) URL without credentials, or `null`. */
function parseHttpUrl(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//u.test(text)) return null;
  return url.username === '' && url.password === '' && !text.includes('@') ? url : null;
}
