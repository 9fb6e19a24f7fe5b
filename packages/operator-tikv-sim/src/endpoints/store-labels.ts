import { kindOf, readObject, typeErrorData } from '../http/body.ts';
import { inputError, message, panic } from '../http/reply.ts';
import type { Route } from '../http/route.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { Label, Store } from '../world/cluster/store.ts';
import type { World } from '../world/world.ts';
import { decodeGoJson } from '../text/go-json.ts';
import { withStoreId } from './stores.ts';

function storeToLabel(world: World, storeId: number): Store {
  const store = world.topology.stores.get(storeId);
  if (store === undefined)
    throw new PdRefusal(
      500,
      `[PD:cluster:ErrInvalidStoreID]invalid store id ${storeId}, not found`,
    );
  return store;
}

const LABEL_KEY = '^[$]?[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$';
const LABEL_VALUE = '^[-A-Za-z0-9_./]*$';

const setLabels = withStoreId((world, storeId, request) => {
  const read = readObject(request.body, 'object', 'map[string]string');
  if (!read.ok) return read.reply;
  const labels: Label[] = [];
  for (const [key, value] of Object.entries(read.value)) {
    if (typeof value !== 'string') {
      return inputError(
        `json: cannot unmarshal ${kindOf(value)} into Go value of type string`,
        typeErrorData(kindOf(value)),
      );
    }
    if (!new RegExp(LABEL_KEY).test(key))
      return inputError(`${key} does not match format "${LABEL_KEY}"`);
    if (!new RegExp(LABEL_VALUE).test(value))
      return inputError(`${value} does not match format "${LABEL_VALUE}"`);
    labels.push({ key, value });
  }
  const store = storeToLabel(world, storeId);
  const kept = request.query.has('force')
    ? []
    : store.labels.filter((label) => labels.every((other) => other.key !== label.key));
  store.labels = [...kept, ...labels].filter((label) => label.value !== '');
  return message(200, "The store's label is updated.");
});

const deleteLabel = withStoreId((world, storeId, request) => {
  const decoded = decodeGoJson(request.body);
  if (!decoded.ok) return inputError(decoded.message, { Offset: decoded.offset });
  if (typeof decoded.value !== 'string') {
    const kind = kindOf(decoded.value);
    return inputError(
      `json: cannot unmarshal ${kind} into Go value of type string`,
      typeErrorData(kind),
    );
  }
  const key = decoded.value;
  const store = storeToLabel(world, storeId);
  if (store.labels.every((label) => label.key !== key)) {
    // Before 8.5 the handler reads past the end of the empty list.
    const crashes = !world.profile.isModern && store.labels.length === 0;
    return crashes
      ? panic('runtime error: makeslice: cap out of range')
      : message(500, `the label key ${key} does not exist`);
  }
  store.labels = store.labels.filter((label) => label.key !== key);
  return message(200, `The label ${key} is deleted for store ${storeId}.`);
});

export const STORE_LABEL_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/pd/api/v1/store/:id/label', scope: 'cluster', handler: setLabels },
  { method: 'DELETE', path: '/pd/api/v1/store/:id/label', scope: 'cluster', handler: deleteLabel },
];
