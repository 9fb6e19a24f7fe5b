import { parseGoDuration, goDuration } from '../../text/go-time.ts';
import type { JsonValue } from '../../text/json-value.ts';

/** Decoding of one configuration value by PD. */
export type ValueKind = 'uint' | 'float' | 'bool' | 'duration' | 'string' | 'other';

/** A value that PD would not take: whose decoder refused it decides the shape of the answer. */
export interface ValueProblem {
  readonly text: string;
  /** `type`: the JSON decoder; `value`: the value's own decoder; `rule`: PD's validation. */
  readonly source: 'type' | 'value' | 'rule';
  readonly kind?: string;
}

export type DecodedValue =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: ValueProblem };

const FLOATS: ReadonlySet<string> = new Set([
  'tolerant-size-ratio',
  'low-space-ratio',
  'high-space-ratio',
  'slow-store-evicting-affected-store-ratio-threshold',
]);

/** The kind of a value follows from PD's default for it. */
function kindOfValue(key: string, present: JsonValue | undefined): ValueKind {
  if (FLOATS.has(key)) return 'float';
  if (typeof present === 'number') return 'uint';
  if (present === 'true' || present === 'false') return 'bool';
  if (typeof present !== 'string') return 'other';
  return /^\d/.test(present) && parseGoDuration(present) !== undefined ? 'duration' : 'string';
}

/** The item that a value is meant for. */
export interface ConfigItem {
  readonly key: string;
  readonly present: JsonValue | undefined;
  /** Name of PD's struct, which its type errors mention. */
  readonly struct: string;
}

type Decoder = (given: JsonValue, item: ConfigItem) => DecodedValue;

const DECODERS: Readonly<Record<ValueKind, Decoder>> = {
  uint: (given, item) =>
    typeof given === 'number' && Number.isInteger(given) && given >= 0
      ? { ok: true, value: given }
      : typeProblem(given, item, 'uint64'),
  float: (given, item) =>
    typeof given === 'number' ? { ok: true, value: given } : typeProblem(given, item, 'float64'),
  bool: decodeBool,
  duration: decodeDuration,
  string: decodeText,
  other: (given) => ({ ok: true, value: given }),
};

/** Decodes a value as PD's struct of the section does; `null` changes nothing. */
export function decodeValue(item: ConfigItem, given: JsonValue): DecodedValue {
  if (given === null) return { ok: true, value: item.present ?? null };
  return DECODERS[kindOfValue(item.key, item.present)](given, item);
}

function typeProblem(given: JsonValue, item: ConfigItem, type: string): DecodedValue {
  const kind = typeof given === 'number' ? `number ${given}` : jsonKind(given);
  const text = `json: cannot unmarshal ${kind} into Go struct field ${item.struct}.${item.key} of type ${type}`;
  return { ok: false, problem: { text, source: 'type', kind } };
}

function jsonKind(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const TAGGED = 'json: invalid use of ,string struct tag, trying to unmarshal';

function decodeBool(given: JsonValue): DecodedValue {
  if (given === 'true' || given === 'false') return { ok: true, value: given };
  const text =
    typeof given === 'string'
      ? `${TAGGED} ${JSON.stringify(given)} into bool`
      : `${TAGGED} unquoted value into bool`;
  return { ok: false, problem: { text, source: 'value' } };
}

function decodeDuration(given: JsonValue): DecodedValue {
  if (typeof given !== 'string')
    return { ok: false, problem: { text: 'invalid syntax', source: 'value' } };
  const parsed = parseGoDuration(given);
  if (parsed !== undefined) return { ok: true, value: goDuration(parsed) };
  return {
    ok: false,
    problem: { text: `time: invalid duration ${JSON.stringify(given)}`, source: 'value' },
  };
}

function decodeText(given: JsonValue, item: ConfigItem): DecodedValue {
  if (typeof given === 'string') return { ok: true, value: given };
  if (item.key !== 'location-labels') return typeProblem(given, item, 'string');
  return { ok: false, problem: { text: 'invalid syntax', source: 'value' } };
}

function textOf(section: ReadonlyMap<string, JsonValue>, key: string): string {
  const value = section.get(key);
  return typeof value === 'string' ? value : '';
}

const DEPRECATED =
  /^disable-(?:remove-down|replace-offline|make-up|remove-extra)-replica$|^disable-location-replacement$/;

/** PD's validation of the whole schedule section. */
export function scheduleProblem(section: ReadonlyMap<string, JsonValue>): string | undefined {
  const number = (key: string): number => Number(section.get(key) ?? 0);
  if (number('tolerant-size-ratio') < 0) return 'tolerant-size-ratio should be non-negative';
  for (const key of ['low-space-ratio', 'high-space-ratio']) {
    if (number(key) < 0 || number(key) > 1) return `${key} should between 0 and 1`;
  }
  if (number('low-space-ratio') <= number('high-space-ratio'))
    return 'low-space-ratio should be larger than high-space-ratio';
  const policy = textOf(section, 'leader-schedule-policy');
  if (policy !== 'count' && policy !== 'size') return `leader-schedule-policy ${policy} is invalid`;
  const workers = section.get('patrol-region-worker-count');
  if (typeof workers === 'number' && (workers < 1 || workers > 8))
    return 'patrol-region-worker-count should be between 1 and 8';
  return undefined;
}

export function deprecationProblem(key: string): string | undefined {
  return DEPRECATED.test(key) ? `${key} has already been deprecated` : undefined;
}

/** PD's validation of the replication section. */
export function replicationProblem(section: ReadonlyMap<string, JsonValue>): string | undefined {
  if (section.get('max-replicas') === 0)
    return '[PD:placement:ErrRuleContent]invalid rule content, invalid count 0';
  const isolation = textOf(section, 'isolation-level');
  const labels = textOf(section, 'location-labels').split(',');
  if (isolation !== '' && !labels.includes(isolation))
    return 'isolation-level must be one of location-labels or empty';
  return undefined;
}
