/** Client URLs of the PD to test against, from `OPERATOR_LIVE_PD`, separated by commas; empty when there is none. */
export function readEndpoints(
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const text = env['OPERATOR_LIVE_PD'] ?? '';
  return text
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

/** The endpoints, which the tests are only started with. */
export function requireEndpoints(): readonly string[] {
  const endpoints = readEndpoints(process.env);
  if (endpoints.length === 0) throw new Error('start the live tests with `pnpm test:live`');
  return endpoints;
}
