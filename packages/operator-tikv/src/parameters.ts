import { z } from 'zod';

/** A region's id: an integer that PD takes exactly. Add `.describe(…)` saying what it is for. */
export const regionId = z.int().min(1).meta({ entity: 'region' });

/** A store's id: text in the contract, an integer that PD takes exactly on the wire. Add `.describe(…)`. */
export const storeId = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/u, 'must be a store id: digits, as in "4"')
  .refine((text) => Number.isSafeInteger(Number(text)), 'must be at most 9007199254740991')
  .meta({ entity: 'store' });

/** A key in hex, as PD writes keys; empty is the end of the key space. Add `.describe(…)`. */
export const hexKey = z
  .string()
  .regex(/^([0-9A-Fa-f]{2})*$/u, 'must be hex: two digits a byte')
  .max(8192);

/** No parameters at all, and nothing else accepted. */
export const noParameters = z.strictObject({});
