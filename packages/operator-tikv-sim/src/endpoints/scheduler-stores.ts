import { parseId } from '../http/body.ts';
import { type Reply, json, message } from '../http/reply.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { World } from '../world/world.ts';
import type { StoreListScheduler } from '../world/schedulers/scheduler-names.ts';

/** PD checks only that it knows the store: a tombstone will do. */
export function requireKnownStore(world: World, storeId: number): void {
  if (world.topology.stores.has(storeId)) return;
  throw new PdRefusal(500, `[PD:core:ErrStoreNotFound]store ${storeId} not found`);
}

/** Takes a store off a scheduler's list. */
export function removeListedStore(world: World, name: StoreListScheduler, idText: string): Reply {
  const parsed = parseId(idText);
  if (!parsed.ok) return message(400, parsed.problem);
  const outcome = world.schedulers.removeStore(name, parsed.id);
  if (outcome === 'absent')
    return message(404, '[PD:scheduler:ErrScheduleConfigNotExist]the config does not exist');
  return outcome === 'last' ? message(200, 'The last store has been deleted') : json(200, null);
}
