import * as z from 'zod';

const LONGEST_TIMEOUT_MS = 600_000;

const endpoint = z
  .string()
  .refine(
    isEndpoint,
    'must be http://host:port or https://host:port, without path, query or credentials',
  );

const optionalText = z.string().min(1).optional();

const tls = z
  .strictObject({
    ca: optionalText.describe('File of the certificates to trust (PEM)'),
    cert: optionalText.describe('File of the client certificate (PEM), with `key`'),
    key: optionalText.describe("File of the client certificate's private key (PEM)"),
    serverName: optionalText.describe("Name to expect in the server's certificate"),
  })
  .refine(
    ({ cert, key }) => (cert === undefined) === (key === undefined),
    'cert and key go together: give both or neither',
  );

const prometheus = z
  .strictObject({
    url: z
      .string()
      .refine(isBaseUrl, 'must be an http or https URL without query or credentials')
      .describe('Base URL, with a path prefix if it has one'),
    bearerToken: optionalText.meta({ secret: true, description: 'Token to send' }),
    bearerTokenFile: optionalText.describe('File with the token; read again for every query'),
    username: z
      .string()
      .regex(/^[^:]+$/u, 'must not be empty or hold a colon')
      .optional()
      .describe('Name for basic authentication, with `password`'),
    password: z
      .string()
      .optional()
      .meta({ secret: true, description: 'Password for basic authentication' }),
    tls: tls.optional().describe('TLS to Prometheus'),
  })
  .refine(
    ({ username, password }) => (username === undefined) === (password === undefined),
    'username and password go together: give both or neither',
  )
  .refine(
    ({ bearerToken, bearerTokenFile, username }) =>
      [bearerToken, bearerTokenFile, username].filter((way) => way !== undefined).length <= 1,
    'give one of bearerToken, bearerTokenFile, or username with password',
  );

/** The `config` section of a subject of this plugin. File names are relative to the configuration file. */
export const configSchema = z.strictObject({
  pdEndpoints: z
    .array(endpoint)
    .min(1)
    .describe('Client URLs of PD members; one is enough, the others are found'),
  clusterId: z
    .string('must be text: put the digits in quotes, the number is too long for YAML and JSON')
    .regex(/^[1-9][0-9]{0,19}$/u, 'must be the decimal digits of the cluster id')
    .optional()
    .describe('ID of the cluster; any other cluster is refused'),
  tls: tls.optional().describe('TLS to PD'),
  prometheus: prometheus
    .optional()
    .describe('Where latency, request rates and CPU come from; unknown without it'),
  timeoutMs: z
    .int()
    .min(1)
    .max(LONGEST_TIMEOUT_MS)
    .default(10_000)
    .describe('Milliseconds that one request may take'),
});

/** Validated configuration. */
export type TiKVConfig = z.infer<typeof configSchema>;

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

/** An http(s) URL without credentials, or `null`. */
function parseHttpUrl(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//u.test(text)) return null;
  return url.username === '' && url.password === '' && !text.includes('@') ? url : null;
}
