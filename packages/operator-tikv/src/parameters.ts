import * as z from 'zod';
import { regionId, storeId } from './id-schemas.ts';

/** A key in hex, as PD writes keys; empty is the end of the key space. Add `.describe(…)`. */
const hexKey = z
  .string()
  .regex(/^([0-9A-Fa-f]{2})*$/u, 'must be hex: two digits a byte')
  .max(8192);

const keyOrEnd = hexKey.default('');

/** No parameters at all, and nothing else accepted. */
export const noParameters = z.strictObject({});

/** Which store. */
export const storeParameters = z.strictObject({
  store_id: storeId.describe('ID of the store'),
});

/** Which region: exactly one of its id and a key in it. */
export const regionParameters = z
  .strictObject({
    region_id: regionId.optional().describe('ID of the region'),
    key: hexKey.optional().describe('Key in hex; the region that contains it is meant'),
  })
  .refine(
    ({ region_id, key }) => (region_id === undefined) !== (key === undefined),
    'give exactly one of region_id and key',
  );

/** Which regions, and how many at most. */
export const regionsParameters = z.strictObject({
  store_id: storeId.optional().describe('Only regions with a peer on this store'),
  start_key: keyOrEnd.describe(
    'Key in hex to begin with; the region that contains it is the first',
  ),
  end_key: keyOrEnd.describe('Key in hex to end before; empty is the end of the key space'),
  limit: z.int().min(1).max(1024).default(128).describe('How many regions to return at most'),
});
