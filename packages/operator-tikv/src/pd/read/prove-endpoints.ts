import type { PDCallOptions } from '../http/connection.ts';
import { hasFailed } from '../http/endpoint-list.ts';
import type { EndpointList } from '../http/endpoint-list.ts';
import type { Identity } from './identity.ts';
import type { ReadFailures } from './read-failures.ts';

/**
 * Asks all endpoints at once which cluster they belong to; those that failed a moment ago are left out unless all did.
 * Returns the origins of the proven ones and adds the reasons of the others to `failures`.
 */
export async function proveEndpoints(
  { endpoints, identity }: { readonly endpoints: EndpointList; readonly identity: Identity },
  failures: ReadFailures,
  options: PDCallOptions,
): Promise<readonly string[]> {
  const now = performance.now();
  const quick = endpoints.all.filter((endpoint) => !hasFailed(endpoint, now));
  const asked = quick.length > 0 ? quick : endpoints.all;
  const proven = await Promise.all(
    asked.map(async (endpoint) => {
      const failure = await identity.prove(endpoint, options);
      if (failure === null) return [endpoint.origin];
      failures.add(endpoint, failure);
      return [];
    }),
  );
  return proven.flat();
}
