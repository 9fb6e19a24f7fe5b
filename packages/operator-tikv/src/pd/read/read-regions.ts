import { checkId, checkWord, describe } from '../wire/checked-id.ts';
import { PDError } from '../wire/pd-error.ts';
import {
  parseMaybeRegion,
  parseRegions,
  PD_REGION_CHECKS,
  PD_STORE_REGION_TYPES,
  PD_TOP_REGION_KINDS,
} from '../wire/pd-region.ts';
import type {
  PDRegion,
  PDRegionCheck,
  PDStoreRegionType,
  PDTopRegionKind,
} from '../wire/pd-region.ts';
import type { ReadSpec } from './read-spec.ts';
import { nullIf } from './read-spec.ts';
import { filterRegions } from '../wire/region-filter.ts';

/** The most regions that one page may have. PD would give 10,240 and take that long to print them. */
export const LARGEST_REGION_PAGE = 1024;

const DEFAULT_REGION_PAGE = 256;

/** A page of regions in the order of their keys. */
export interface PDRegionRange {
  /** Hex; the first region is the one that contains it. Default: the beginning. */
  readonly startKey?: string;
  /** Hex, exclusive. Default: the end. */
  readonly endKey?: string;
  /** 1 to 1,024. Default: 256. */
  readonly limit?: number;
}

/**
 * `GET /region/id/{id}`; an unknown region is `null`, which PD reports in three ways (PD API, version
 * differences).
 */
export function regionSpec(regionId: number): ReadSpec<PDRegion | null> {
  const id = checkId(regionId, 'region id');
  return {
    path: `/region/id/${id}`,
    parse: (body) => {
      const region = parseMaybeRegion(body);
      return region === null || region.id === id ? region : body.field('id').fail(`region ${id}`);
    },
    refused: (error) => nullIf(error, /^(\[PD:region:ErrRegionNotFound\])?region \d+ not found$/u),
  };
}

/** The region that contains a key. By `/regions/key`, whose key is decoded once in every version. */
export function regionByKeySpec(key: string): ReadSpec<PDRegion | null> {
  const { path } = regionsByKeySpec({ startKey: key, limit: 1 });
  const wanted = key.toUpperCase();
  return {
    path,
    parse: (body) => parseRegions(body).find((region) => contains(region, wanted)) ?? null,
  };
}

/** `GET /regions/key`. */
export function regionsByKeySpec(range: PDRegionRange): ReadSpec<readonly PDRegion[]> {
  const { startKey = '', endKey = '', limit = DEFAULT_REGION_PAGE } = range;
  const end = endKey === '' ? '' : `&end_key=${encodeKey(endKey)}`;
  return {
    path: `/regions/key?key=${encodeKey(startKey)}${end}&limit=${checkPage(limit)}`,
    parse: parseRegions,
  };
}

/** `GET /regions/store/{id}`. */
export function regionsOfStoreSpec(
  storeId: number,
  type: PDStoreRegionType | undefined,
): ReadSpec<readonly PDRegion[]> {
  const path = `/regions/store/${checkId(storeId, 'store id')}`;
  if (type === undefined) return { path, parse: parseRegions };
  // An unknown type freezes the PD leader (PD API, regions): it must never leave this machine.
  checkWord(type, PD_STORE_REGION_TYPES, 'type of regions');
  return {
    path: `${path}?type=${type}`,
    parse: (body) => filterRegions(parseRegions(body), { storeId, type }),
  };
}

/** `GET /regions/count`, where PD writes `null` in place of the regions. */
export const regionCountSpec: ReadSpec<number> = {
  path: '/regions/count',
  parse: (body) =>
    body.members()['regions'] === null
      ? body.field('count').count()
      : body.field('regions').fail('null'),
};

/** `GET /regions/{kind}`. */
export function topRegionsSpec(
  kind: PDTopRegionKind,
  limit: number,
): ReadSpec<readonly PDRegion[]> {
  checkWord(kind, PD_TOP_REGION_KINDS, 'order of regions');
  return { path: `/regions/${kind}?limit=${checkPage(limit)}`, parse: parseRegions };
}

/** `GET /regions/check/{kind}`. */
export function regionCheckSpec(kind: PDRegionCheck): ReadSpec<readonly PDRegion[]> {
  checkWord(kind, PD_REGION_CHECKS, 'check of regions');
  return { path: `/regions/check/${kind}`, parse: parseRegions };
}

// A number of regions for one answer.
function checkPage(limit: number): number {
  if (checkId(limit, 'limit') <= LARGEST_REGION_PAGE) return limit;
  throw new PDError({
    code: 'PD_ID_INVALID',
    message: `limit ${limit} is more than ${LARGEST_REGION_PAGE} regions`,
    remedy: `Ask for at most ${LARGEST_REGION_PAGE} regions and continue from the end key of the last one.`,
  });
}

function contains({ startKey, endKey }: PDRegion, key: string): boolean {
  return startKey <= key && (endKey === '' || key < endKey);
}

// Raw bytes, percent-encoded: `format=hex` exists only from 8.5 on (PD API, regions).
function encodeKey(hex: string): string {
  if (typeof hex !== 'string' || !/^([0-9a-f]{2})*$/iu.test(hex)) {
    throw new PDError({
      code: 'PD_ID_INVALID',
      message: `key ${describe(hex)} is not hex`,
      remedy: 'Give the key as PD prints it: two hex digits a byte.',
    });
  }
  return hex.replaceAll(/../gu, '%$&').toUpperCase();
}
