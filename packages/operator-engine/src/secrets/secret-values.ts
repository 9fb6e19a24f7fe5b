import { isHttpRequest, isJsonObject } from 'operator-core';
import type {
  ActionDefinition,
  JsonObject,
  JsonValue,
  TargetedHttpRequest,
  TargetedRequest,
} from 'operator-core';
import { formsOf } from './known-secrets.ts';

/** The secret parameters of one call: their values by name. They never leave the memory of a process. */
export type SecretValues = Readonly<Record<string, string>>;

/** Names of the forms of `formsOf`, in its order. */
const FORMS = [
  '',
  ':json',
  ':json-in-json',
  ':address',
  ':form',
  ':base64',
  ':base64url',
  ':hex',
] as const;
/** Names of members that are shorter belong to the contract: a short secret must not rename `path`. */
const SHORTEST_NAME = 20;
/** Everything that means something in a regular expression. */
const SPECIAL = /[\\^$.*+?()[\]{}|/]/gu;
const STAND_IN =
  /\$\{secret:([a-z][a-z0-9_]*)(:json|:json-in-json|:address|:form|:base64|:base64url|:hex)?\}/gu;

/** The text that stands for a secret parameter in plans, the ledger and events. */
export function standInFor(name: string): string {
  return `\${secret:${name}}`;
}

/** True when a text stands for a secret, or could be taken for one that does. */
export function hasStandIn(text: string): boolean {
  return text.search(STAND_IN) !== -1;
}

/** The names of an action's secret parameters. */
export function secretNames({
  parameters,
}: Pick<ActionDefinition, 'parameters'>): readonly string[] {
  return Object.entries(parameters)
    .filter(([, parameter]) => parameter.secret === true)
    .map(([name]) => name);
}

/** A value with placeholders for every secret, in all its encodings. */
export function maskSecrets<Value>(value: Value, secrets: SecretValues): Value {
  const standIns = standInsOf(secrets);
  if (standIns.size === 0) return value;
  const texts = [...standIns.keys()].toSorted((one, other) => other.length - one.length);
  const pattern = new RegExp(
    texts.map((text) => text.replaceAll(SPECIAL, String.raw`\$&`)).join('|'),
    'gu',
  );
  const mask = (text: string): string =>
    text.replaceAll(pattern, (found) => standIns.get(found) ?? found);
  const maskName = (name: string): string => (name.length < SHORTEST_NAME ? name : mask(name));
  // What is masked is JSON, and keeps its shape.
  return mapTexts(value, { mask, maskName }) as Value;
}

/** The parameters of a call with stand-ins in place of its secrets. */
export function maskParameters(parameters: JsonObject, secrets: SecretValues): JsonObject {
  const standIns = Object.keys(secrets).map((name) => [name, standInFor(name)]);
  return { ...maskSecrets(parameters, secrets), ...Object.fromEntries(standIns) };
}

/** The request as it is sent: every stand-in is the secret again. */
export function fillRequest(
  request: TargetedHttpRequest,
  secrets: SecretValues,
): TargetedHttpRequest;
export function fillRequest(request: TargetedRequest, secrets: SecretValues): TargetedRequest;
export function fillRequest(request: TargetedRequest, secrets: SecretValues): TargetedRequest {
  const fill = (text: string): string =>
    text.replaceAll(STAND_IN, (whole, name: string, form: string | undefined) => {
      const value = secrets[name];
      const place = FORMS.findIndex((one) => one === (form ?? ''));
      return value === undefined ? whole : (formsOf(value)[place] ?? whole);
    });
  if (isHttpRequest(request)) {
    const { path, body } = request;
    return { ...request, path: fill(path), body: body === null ? null : fill(body) };
  }
  // `text` is for people and keeps its stand-ins; what is filled in stays JSON.
  const maps = { mask: fill, maskName: fill };
  return { ...request, statement: mapTexts(request.statement, maps) as JsonValue };
}

function standInsOf(secrets: SecretValues): ReadonlyMap<string, string> {
  const standIns = new Map<string, string>();
  for (const [name, value] of Object.entries(secrets)) {
    for (const [place, text] of formsOf(value).entries()) {
      const isNew = text !== '' && !standIns.has(text);
      if (isNew) standIns.set(text, `\${secret:${name}${FORMS[place] ?? ''}}`);
    }
  }
  return standIns;
}

/** A value with every text and every name of a member replaced. */
export function mapTexts(
  value: unknown,
  maps: { readonly mask: (text: string) => string; readonly maskName: (name: string) => string },
): unknown {
  if (typeof value === 'string') return maps.mask(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, maps));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [maps.maskName(key), mapTexts(member, maps)]),
  );
}
