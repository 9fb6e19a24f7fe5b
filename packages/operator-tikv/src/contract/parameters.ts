import * as z from 'zod/mini';
import { defineParameters, describable } from './define-parameters.ts';
import { regionId, storeId } from './id-schemas.ts';

/** A key in hex, as PD writes keys; empty is the end of the key space. */
const hexKey = z
  .string()
  .check(z.regex(/^([0-9A-Fa-f]{2})*$/u, 'must be hex: two digits a byte'), z.maxLength(8192));

const keyOrEnd = (description: string) => z._default(hexKey, '').check(z.describe(description));

/** The schema of an action without parameters. */
export const noParameters = defineParameters({});

/** Parameters that choose a store. */
export const storeParameters = defineParameters({
  store_id: storeId('ID of the store'),
});

/** Parameters that choose a region: exactly one of its id and a key in it. */
export const regionParameters = describable(
  z
    .strictObject({
      region_id: z.optional(regionId('ID of the region')),
      key: z.optional(hexKey).check(z.describe('Key in hex, of the region that contains it')),
    })
    .check(
      z.refine(
        ({ region_id, key }) => (region_id === undefined) !== (key === undefined),
        'give exactly one of region_id and key',
      ),
    ),
);

/** Parameters that choose regions, and their greatest number. */
export const regionsParameters = defineParameters({
  store_id: z.optional(storeId('Only regions with a peer on this store')),
  start_key: keyOrEnd('Key in hex to begin with; the region that contains it is the first'),
  end_key: keyOrEnd('Key in hex to end before; empty is the end of the key space'),
  limit: z
    ._default(z.int().check(z.minimum(1), z.maximum(1024)), 128)
    .check(z.describe('Largest number of regions to return')),
});
