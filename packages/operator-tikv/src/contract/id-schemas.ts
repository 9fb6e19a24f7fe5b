import * as z from 'zod/mini';

/** The largest id that PD takes exactly: it reads ids as floating-point numbers (PD API, operators). */
const LARGEST_ID = BigInt(Number.MAX_SAFE_INTEGER);

const anyRegionId = z.int().check(z.minimum(1), z.meta({ entity: 'region' }));

const anyStoreId = z.string().check(
  z.regex(/^[1-9][0-9]{0,15}$/u, 'must be a store id: decimal digits without leading zero'),
  z.refine((text: string) => !/^[0-9]{1,16}$/u.test(text) || BigInt(text) <= LARGEST_ID, {
    message: 'is larger than PD can take exactly (9007199254740991)',
  }),
  z.meta({ entity: 'store' }),
);

/** A region id: an integer that PD takes exactly. */
export function regionId(description: string) {
  return anyRegionId.check(z.describe(description));
}

/** Accepted number of something. Default: 0. */
export function acceptedCount(description: string) {
  return z.optional(z.int().check(z.minimum(0), z.describe(description)));
}

/** A store id: a text of decimal digits that PD takes exactly as a number. */
export function storeId(description: string) {
  return anyStoreId.check(z.describe(description));
}
