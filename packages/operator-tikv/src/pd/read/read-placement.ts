import { checkId } from '../wire/checked-id.ts';
import type { PDError } from '../wire/pd-error.ts';
import { parseRegionFit, parseRuleGroups, parseStoreLimits } from '../wire/pd-placement.ts';
import type { PDRegionFit, PDRuleGroup, PDStoreLimit } from '../wire/pd-placement.ts';
import type { ReadSpec } from './read-spec.ts';
import { nullIf } from './read-spec.ts';

/** `GET /config/placement-rule`; `null` while placement rules are off. */
export const ruleGroupsSpec: ReadSpec<readonly PDRuleGroup[] | null> = {
  path: '/config/placement-rule',
  parse: parseRuleGroups,
  refused: nullIfDisabled,
};

/** `GET /config/rules/region/{id}/detail`; `null` while placement rules are off. */
export function regionFitSpec(regionId: number): ReadSpec<PDRegionFit | null> {
  return {
    path: `/config/rules/region/${checkId(regionId, 'region id')}/detail`,
    parse: parseRegionFit,
    refused: nullIfDisabled,
  };
}

/** `GET /stores/limit`; `null` where the second version of store limits is in force, which has none of these. */
export const storeLimitsSpec: ReadSpec<ReadonlyMap<number, PDStoreLimit> | null> = {
  path: '/stores/limit',
  parse: parseStoreLimits,
  refused: (error) => nullIf(error, /not support get limit$/u),
};

/** PD answers 412 to every question about rules while they are off (PD API, config). */
function nullIfDisabled(error: PDError): null | undefined {
  return nullIf(error, /placement rules feature is disabled$/u);
}
