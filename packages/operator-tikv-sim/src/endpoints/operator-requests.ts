import { type Reply, json, panic } from '../http/reply.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { World } from '../world/world.ts';
import {
  addPeer,
  addRemovePeer,
  addTransferLeader,
  addTransferPeer,
  addTransferRegion,
} from '../operators/admin-operators.ts';
import { addMerge, addScatter, addSplit } from '../operators/admin-reshape.ts';
import type { JsonObject, JsonValue } from '../text/json-value.ts';

/** Task of a request, ready to run; a reply only where PD has its own. */
type Command = (world: World) => Reply | undefined;

/** Reads the fields of one kind of admin operator, or refuses them with PD's 400. */
type Parser = (body: JsonObject) => Command;

function required(body: JsonObject, field: string, problem: string): number {
  const value = body[field];
  if (typeof value !== 'number') throw new PdRefusal(400, problem);
  return toUnsigned(value);
}

/** Go's conversion of a float that does not fit into an unsigned integer. */
const OVERFLOW = 2 ** 63;

/** Go converts the decoded float to an unsigned integer; negative ones keep their bits. */
function toUnsigned(value: number): number {
  if (Math.abs(value) >= 2 ** 64) return OVERFLOW;
  return Math.trunc(value);
}

const NO_REGION = 'missing region id';
// PD's own words for a missing store of add-peer, add-learner and remove-peer.
const NO_STORE = 'invalid store id to transfer peer to';

function regionId(body: JsonObject): number {
  return required(body, 'region_id', NO_REGION);
}

function done(command: (world: World) => void): Command {
  return (world) => {
    command(world);
    return undefined;
  };
}

function numbers(value: JsonValue | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const list: readonly JsonValue[] = value;
  const found = list.flatMap((item) => (typeof item === 'number' ? [toUnsigned(item)] : []));
  return found.length === list.length ? found : undefined;
}

const transferRegion: Parser = (body) => {
  const id = regionId(body);
  const storeIds = numbers(body['to_store_ids']);
  if (storeIds === undefined) throw new PdRefusal(400, 'invalid store ids to transfer region to');
  if (storeIds.length === 0) throw new PdRefusal(400, 'missing store ids to transfer region to');
  const given = body['peer_roles'];
  const list: readonly JsonValue[] = Array.isArray(given) ? given : [];
  const roles = list.map((role) => (typeof role === 'string' ? role : ''));
  return done((world) => addTransferRegion(world, id, { storeIds, roles }));
};

const splitRegion: Parser = (body) => {
  const id = regionId(body);
  const policy = body['policy'];
  if (typeof policy !== 'string') throw new PdRefusal(400, 'missing split policy');
  const given = body['keys'];
  if (given !== undefined && !Array.isArray(given)) {
    const type = typeof given === 'string' ? 'string' : 'float64';
    return () => panic(`interface conversion: interface {} is ${type}, not []interface {}`);
  }
  const list: readonly JsonValue[] = given ?? [];
  const keys = list.flatMap((key) => (typeof key === 'string' ? [key] : []));
  if (keys.length !== list.length) throw new PdRefusal(400, 'bad format keys');
  return done((world) => addSplit(world, id, { policy, keys }));
};

const scatterRegions: Parser = (body) => {
  const ids = numbers(body['region_ids']);
  if (ids === undefined) throw new PdRefusal(400, 'region_ids is invalid');
  return (world) => json(200, scatterAll(world, ids));
};

function scatterAll(world: World, ids: readonly number[]): JsonValue {
  const known = ids.filter((id) => world.topology.regions.get(id) !== undefined);
  for (const id of known) addScatter(world, id);
  const error = world.profile.isModern && ids.length === 1 ? 'region not found' : 'empty region';
  const share = ids.length === 0 ? 100 : Math.floor((100 * known.length) / ids.length);
  return {
    'processed-percentage': share,
    error: known.length === 0 && ids.length > 0 ? error : '',
  };
}

/** PD's admin operators by name, each with the fields that it reads in PD's order. */
export const ADMIN_OPERATORS: Readonly<Record<string, Parser>> = {
  'transfer-leader': (body) => {
    const id = regionId(body);
    const to = required(body, 'to_store_id', 'missing store id to transfer leader to');
    return done((world) => addTransferLeader(world, id, to));
  },
  'transfer-peer': (body) => {
    const id = regionId(body);
    const from = required(body, 'from_store_id', 'invalid store id to transfer peer from');
    const to = required(body, 'to_store_id', NO_STORE);
    return done((world) => addTransferPeer(world, id, { from, to }));
  },
  'add-peer': (body) => {
    const id = regionId(body);
    const storeId = required(body, 'store_id', NO_STORE);
    return done((world) => addPeer(world, id, { storeId, role: 'voter' }));
  },
  'add-learner': (body) => {
    const id = regionId(body);
    const storeId = required(body, 'store_id', NO_STORE);
    return done((world) => addPeer(world, id, { storeId, role: 'learner' }));
  },
  'remove-peer': (body) => {
    const id = regionId(body);
    const storeId = required(body, 'store_id', NO_STORE);
    return done((world) => addRemovePeer(world, id, storeId));
  },
  'transfer-region': transferRegion,
  'merge-region': (body) => {
    const source = required(body, 'source_region_id', NO_REGION);
    const target = required(body, 'target_region_id', 'invalid target region id to merge to');
    return done((world) => addMerge(world, source, target));
  },
  'split-region': splitRegion,
  'scatter-region': (body) => {
    const id = regionId(body);
    return done((world) => addScatter(world, id));
  },
  'scatter-regions': scatterRegions,
};
