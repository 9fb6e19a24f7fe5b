import type { FaultMatch } from '../server/answer-faults.ts';
import type { Faults } from '../faults/faults.ts';
import { isJsonObject, type JsonObject } from '../text/json-value.ts';

type FaultCommand = (faults: Faults, options: JsonObject) => unknown;

function number(options: JsonObject, key: string): number {
  const value = options[key];
  if (typeof value !== 'number') throw new TypeError(`${key} must be a number`);
  return value;
}

function text(options: JsonObject, key: string): string {
  const value = options[key];
  if (typeof value !== 'string') throw new TypeError(`${key} must be a string`);
  return value;
}

/** The keys that are given and of that type. */
function given<K extends string>(
  options: JsonObject,
  keys: readonly K[],
  type: 'number',
): Partial<Record<K, number>>;
function given<K extends string>(
  options: JsonObject,
  keys: readonly K[],
  type: 'string',
): Partial<Record<K, string>>;
function given<K extends string>(
  options: JsonObject,
  keys: readonly K[],
  type: 'boolean',
): Partial<Record<K, boolean>>;
function given(options: JsonObject, keys: readonly string[], type: string): object {
  const found = keys.filter((key) => options[key] !== undefined);
  const wrong = found.find((key) => typeof options[key] !== type);
  if (wrong !== undefined) throw new TypeError(`${wrong} must be a ${type}`);
  return Object.fromEntries(found.map((key) => [key, options[key]]));
}

function match(options: JsonObject): FaultMatch {
  return {
    ...given(options, ['method', 'path', 'member'], 'string'),
    ...given(options, ['times'], 'number'),
  };
}

function oneOf<T extends string>(
  options: JsonObject,
  key: string,
  values: readonly T[],
): T | undefined {
  const value = options[key];
  if (value === undefined) return undefined;
  const found = values.find((each) => each === value);
  if (found === undefined) throw new TypeError(`${key} must be one of ${values.join(', ')}`);
  return found;
}

function headers(options: JsonObject): Record<string, string> {
  const value = options['headers'];
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      typeof each === 'string' ? [[name, each]] : [],
    ),
  );
}

/** The faults by the names under which the control API takes them. */
export const FAULT_COMMANDS: Readonly<Record<string, FaultCommand>> = {
  silenceStore: (faults, options) =>
    faults.silenceStore({
      storeId: number(options, 'storeId'),
      ...given(options, ['keepLeaders'], 'boolean'),
    }),
  wakeStore: (faults, options) => faults.wakeStore({ storeId: number(options, 'storeId') }),
  delayFirstHeartbeat: (faults, options) =>
    faults.delayFirstHeartbeat({
      storeId: number(options, 'storeId'),
      ms: number(options, 'ms'),
    }),
  slowStore: (faults, options) =>
    faults.slowStore({
      storeId: number(options, 'storeId'),
      ...given(options, ['busy'], 'boolean'),
    }),
  fillStore: (faults, options) =>
    faults.fillStore({
      storeId: number(options, 'storeId'),
      availableBytes: number(options, 'availableBytes'),
    }),
  makeWitness: (faults, options) => faults.makeWitness(place(options)),
  addStore: (faults, options) =>
    faults.addStore(given(options, ['firstHeartbeatAfterMs'], 'number')),
  dropAnswer: (faults, options) =>
    faults.dropAnswer({
      ...match(options),
      when: oneOf(options, 'when', ['before', 'after', 'half']) ?? 'after',
    }),
  delayAnswer: (faults, options) =>
    faults.delayAnswer({ ...match(options), ms: number(options, 'ms') }),
  answerWith: (faults, options) =>
    faults.answerWith({
      ...match(options),
      status: number(options, 'status'),
      ...given(options, ['body'], 'string'),
      ...given(options, ['executed'], 'boolean'),
      headers: headers(options),
    }),
  refuseOperator: (faults, options) =>
    faults.refuseOperator({
      ...(typeof options['operator'] === 'string' ? { name: options['operator'] } : {}),
      ...given(options, ['text'], 'string'),
      ...given(options, ['regionId', 'status', 'times'], 'number'),
    }),
  loseLeader: (faults) => faults.loseLeader(),
  killMember: (faults, options) => faults.killMember({ member: text(options, 'member') }),
  startMember: (faults, options) =>
    faults.startMember({
      member: text(options, 'member'),
      ...given(options, ['startingMs'], 'number'),
    }),
  restartLeader: (faults, options) =>
    faults.restartLeader({
      ...given(options, ['downMs', 'startingMs'], 'number'),
      ...given(options, ['warm'], 'boolean'),
    }),
  moveLeader: (faults, options) => faults.moveLeader({ member: text(options, 'member') }),
  leaveLeaderless: (faults, options) =>
    faults.leaveLeaderless({ regionId: number(options, 'regionId') }),
  restoreLeader: (faults, options) =>
    faults.restoreLeader({ regionId: number(options, 'regionId') }),
  setDownPeer: (faults, options) =>
    faults.setDownPeer({ ...place(options), ...given(options, ['seconds'], 'number') }),
  setPendingPeer: (faults, options) => faults.setPendingPeer(place(options)),
  clearPeerFaults: (faults, options) =>
    faults.clearPeerFaults({ regionId: number(options, 'regionId') }),
  takeOverRecord: (faults, options) =>
    faults.takeOverRecord({
      regionId: number(options, 'regionId'),
      ...given(options, ['description'], 'string'),
      status: oneOf(options, 'status', ['SUCCESS', 'CANCEL', 'TIMEOUT']) ?? 'SUCCESS',
    }),
  heatRegion: (faults, options) =>
    faults.heatRegion({
      regionId: number(options, 'regionId'),
      ...given(options, ['writtenBytes', 'writtenKeys', 'readBytes', 'readKeys'], 'number'),
    }),
  holdOperators: (faults, options) => faults.holdOperators(given(options, ['hold'], 'boolean')),
  leaveUnstarted: (faults, options) => faults.leaveUnstarted(given(options, ['times'], 'number')),
  pauseCheckers: (faults, options) => faults.pauseCheckers(given(options, ['paused'], 'boolean')),
  freezeIndex: (faults) => faults.freezeIndex(),
  clear: (faults) => faults.clear(),
};

function place(options: JsonObject): { readonly regionId: number; readonly storeId: number } {
  return { regionId: number(options, 'regionId'), storeId: number(options, 'storeId') };
}
