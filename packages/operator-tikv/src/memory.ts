import type { JsonValue, PluginHost } from 'operator-core';
import * as z from 'zod/mini';
import { PDError } from './pd/index.ts';
import type { PDClientOptions, PDMemory } from './pd/index.ts';
import { parseEndpoint } from './pd/http/endpoint-url.ts';

/** Key of the members of the cluster. */
const KEY = 'members';

const MOST_ENDPOINTS = 32;

const schema = z.strictObject({
  clusterId: z.string().check(z.regex(/^[1-9][0-9]{0,19}$/u)),
  endpoints: z.array(z.string().check(z.refine(isEndpoint))).check(z.maxLength(MOST_ENDPOINTS)),
});

/** Memory of the cluster: values of an earlier process, and the function that stores them for the next. */
export async function loadMemory(
  host: PluginHost,
): Promise<Pick<PDClientOptions, 'remembered' | 'onRemember'>> {
  const { memory } = host;
  if (memory === undefined) return {};
  const remembered = parse(await memory.read(KEY));
  return {
    ...(remembered === null ? {} : { remembered }),
    onRemember: ({ clusterId, endpoints }) => {
      const kept = [...endpoints].slice(0, MOST_ENDPOINTS);
      // Nothing depends on it: the next process asks each endpoint for its cluster.
      void memory.write(KEY, { clusterId, endpoints: kept }).catch(() => {});
    },
  };
}

/** The value as this plugin writes it; any other value is ignored. */
function parse(value: JsonValue | null): PDMemory | null {
  const { success, data } = schema.safeParse(value);
  return success ? data : null;
}

function isEndpoint(text: string): boolean {
  try {
    return parseEndpoint(text) === text;
  } catch (error) {
    if (PDError.isInstance(error)) return false;
    throw error;
  }
}
