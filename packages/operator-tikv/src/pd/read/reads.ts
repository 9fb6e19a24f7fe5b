import { checkCount, checkId, checkWord } from '../wire/checked-id.ts';
import {
  parseOperatorRecords,
  parseOperators,
  parseOperatorState,
} from '../wire/parse-operators.ts';
import { parseConfig, parseReplicationConfig, parseScheduleConfig } from '../wire/pd-config.ts';
import type { PDConfig, PDReplicationConfig, PDScheduleConfig } from '../wire/pd-config.ts';
import { parseCluster, parseClusterStatus, parseHealth } from '../wire/pd-health.ts';
import type { PDCluster, PDClusterStatus, PDMemberHealth } from '../wire/pd-health.ts';
import { parseHotRegions, parseHotStores } from '../wire/pd-hot.ts';
import type { PDHotRegions, PDHotStore } from '../wire/pd-hot.ts';
import { parseMembers } from '../wire/pd-members.ts';
import type { PDMembers } from '../wire/pd-members.ts';
import type { PDOperator, PDOperatorRecord, PDOperatorState } from '../wire/pd-operator.ts';
import { parsePausedScheduler, parseSchedulerStores } from '../wire/pd-schedulers.ts';
import type { PDPausedScheduler, PDSchedulerStores } from '../wire/pd-schedulers.ts';
import { parseStore, parseStores } from '../wire/pd-store.ts';
import type { PDStore } from '../wire/pd-store.ts';
import type { ReadSpec } from './read-spec.ts';
import { nullIf } from './read-spec.ts';
import { EVICT_LEADER_SCHEDULER, GRANT_LEADER_SCHEDULER } from '../wire/scheduler-names.ts';

export const clusterSpec: ReadSpec<PDCluster> = {
  path: '/cluster',
  isExact: true,
  parse: parseCluster,
};

export const membersSpec: ReadSpec<PDMembers> = {
  path: '/members',
  isExact: true,
  parse: parseMembers,
};

export const clusterStatusSpec: ReadSpec<PDClusterStatus> = {
  path: '/cluster/status',
  parse: parseClusterStatus,
};

export const healthSpec: ReadSpec<readonly PDMemberHealth[]> = {
  path: '/health',
  isExact: true,
  parse: parseHealth,
};

export const storesSpec: ReadSpec<readonly PDStore[]> = {
  path: '/stores',
  isExact: true,
  parse: (body, _from, answeredAtMs) => parseStores(body, answeredAtMs),
};

/** `GET /store/{id}`; unknown is `null`. */
export function storeSpec(storeId: number): ReadSpec<PDStore | null> {
  const id = checkId(storeId, 'store id');
  return {
    path: `/store/${id}`,
    isExact: true,
    parse: (body, _from, answeredAtMs) => {
      const store = parseStore(body, answeredAtMs);
      return store.id === id ? store : body.field('store').field('id').fail(`store ${id}`);
    },
    refused: (error) => nullIf(error, /^(\[PD:core:ErrStoreNotFound\])?store \d+ not found$/u),
  };
}

/** `GET /hotspot/regions/{read,write}`. */
export function hotRegionsSpec(direction: 'read' | 'write'): ReadSpec<PDHotRegions | null> {
  checkWord(direction, ['read', 'write'], 'direction of flow');
  return { path: `/hotspot/regions/${direction}`, parse: parseHotRegions };
}

export const hotStoresSpec: ReadSpec<readonly PDHotStore[]> = {
  path: '/hotspot/stores',
  parse: parseHotStores,
};

/** Operators as texts: `?object`, which PD has from 8.1 on, leaves out steps and times. */
export const operatorsSpec: ReadSpec<readonly PDOperator[]> = {
  path: '/operators',
  parse: parseOperators,
};

const NO_OPERATOR = /^(\[PD:operator:ErrOperatorNotFound\])?operator not found$/u;

/** `GET /operators/{region id}`; none is `null`. */
export function operatorSpec(regionId: number): ReadSpec<PDOperatorState | null> {
  const id = checkId(regionId, 'region id');
  return {
    path: `/operators/${id}`,
    parse: (body) => {
      const operator = parseOperatorState(body);
      return operator.regionId === id ? operator : body.fail(`an operator of region ${id}`);
    },
    refused: (error) => nullIf(error, NO_OPERATOR),
  };
}

/** `GET /operators/records`; PD answers none with an error. */
export function operatorRecordsSpec(fromSeconds: number): ReadSpec<readonly PDOperatorRecord[]> {
  return {
    path: `/operators/records?from=${checkCount(fromSeconds, 'start of the records')}`,
    parse: parseOperatorRecords,
    refused: (error) => (nullIf(error, NO_OPERATOR) === null ? [] : undefined),
  };
}

/** `GET /scheduler-config/{name}/list`; without the scheduler PD does not know the path. */
function storeListSpec(scheduler: string): ReadSpec<PDSchedulerStores | null> {
  return {
    path: `/scheduler-config/${scheduler}/list`,
    parse: parseSchedulerStores,
    refused: (error) => nullIf(error, /^404 page not found$/u),
  };
}

export const evictLeadersSpec = storeListSpec(EVICT_LEADER_SCHEDULER);

export const grantLeadersSpec = storeListSpec(GRANT_LEADER_SCHEDULER);

export const schedulersSpec: ReadSpec<readonly string[]> = {
  path: '/schedulers',
  parse: (body) => body.list().map((name) => name.text()),
};

export const pausedSchedulersSpec: ReadSpec<readonly PDPausedScheduler[]> = {
  path: '/schedulers?status=paused&timestamp',
  parse: (body) => body.list().map(parsePausedScheduler),
};

export const configSpec: ReadSpec<PDConfig> = { path: '/config', parse: parseConfig };

export const scheduleConfigSpec: ReadSpec<PDScheduleConfig> = {
  path: '/config/schedule',
  parse: parseScheduleConfig,
};

export const replicationConfigSpec: ReadSpec<PDReplicationConfig> = {
  path: '/config/replicate',
  parse: parseReplicationConfig,
};
