import type { Route } from '../http/route.ts';
import { CHECKER_ROUTES } from './checkers.ts';
import { CONFIG_CHANGE_ROUTES } from './config-changes.ts';
import { CONFIG_ROUTES } from './config.ts';
import { HOTSPOT_ROUTES } from './hotspot.ts';
import { MEMBER_ROUTES } from './members.ts';
import { OPERATOR_ROUTES } from './operators.ts';
import { PLACEMENT_ROUTES } from './placement-rules.ts';
import { REGION_CHECK_ROUTES } from './region-checks.ts';
import { REGION_STATS_ROUTES } from './region-stats.ts';
import { REGION_ROUTES } from './regions.ts';
import { SCHEDULER_CONFIG_ROUTES } from './scheduler-config.ts';
import { SCHEDULER_ROUTES } from './schedulers.ts';
import { STORE_LABEL_ROUTES } from './store-labels.ts';
import { STORE_LIMIT_ROUTES } from './store-limits.ts';
import { STORE_STATE_ROUTES } from './store-states.ts';
import { STORE_ROUTES } from './stores.ts';

/** Every route of the model, in the order in which they are tried: fixed names before parameters. */
export const ALL_ROUTES: readonly Route[] = [
  ...STORE_ROUTES,
  ...STORE_STATE_ROUTES,
  ...STORE_LABEL_ROUTES,
  ...STORE_LIMIT_ROUTES,
  ...REGION_ROUTES,
  ...REGION_CHECK_ROUTES,
  ...REGION_STATS_ROUTES,
  ...OPERATOR_ROUTES,
  ...SCHEDULER_ROUTES,
  ...SCHEDULER_CONFIG_ROUTES,
  ...CHECKER_ROUTES,
  ...CONFIG_ROUTES,
  ...CONFIG_CHANGE_ROUTES,
  ...PLACEMENT_ROUTES,
  ...MEMBER_ROUTES,
  ...HOTSPOT_ROUTES,
];
