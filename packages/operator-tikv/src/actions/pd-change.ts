import { isJsonObject } from 'operator-core';
import type { HttpRequest, JsonObject, JsonValue } from 'operator-core';
import { PD_API } from '../pd/index.ts';
import type { PDOperatorName } from '../pd/index.ts';
import type { RefusalCode } from './checks/refusals.ts';

/**
 * PD's words with which it refuses a change, and the refusal that they mean. The words are the source of a regular expression for
 * the whole text, without the `[PD:…]` in front that only newer releases write.
 */
export type OwnAnswer = readonly [words: string, code: RefusalCode];

/**
 * The one request of an action, with PD's answers that concern only this request. The rest is derived from it.
 */
export interface PDChange<Parameters> {
  /** `ask for the leader transfer` */
  readonly purpose: string;
  /** `DELETE /operators/{region_id}`: method, and path after PD's API, with parameters of the action in it. */
  readonly route: `${'DELETE' | 'POST'} /${string}`;
  /** Value of `name` in the body, where PD takes several kinds of changes by one path. */
  readonly kind?: string;
  /** Other members of the body. Default: none; without them and `kind` there is no body. */
  body?(parameters: Parameters): JsonObject;
  /** Words of refusal that PD has for this change, besides those that its path has for all changes. */
  readonly answers: readonly OwnAnswer[];
  /**
   * PD's name for the operator that it makes of the body. `ANY_TEXT` stands for a text that is not in the body.
   * Required for everything that PD takes by `POST /operators`.
   */
  toOperator?(body: JsonObject): PDOperatorName;
}

/** Request of a change. */
export function toRequest<Parameters>(
  change: PDChange<Parameters>,
  parameters: Parameters,
): HttpRequest {
  const { purpose, route, kind } = change;
  const method = route.startsWith('POST ') ? 'POST' : 'DELETE';
  const path = route.slice(method.length + 1);
  const name = kind === undefined ? {} : { name: kind };
  const body = { ...name, ...change.body?.(parameters) };
  const isEmpty = Object.keys(body).length === 0;
  return {
    purpose,
    method,
    path: PD_API + path.replaceAll(/\{(?<name>\w+)\}/gu, (_, one: string) => fill(parameters, one)),
    body: isEmpty ? null : JSON.stringify(body),
  };
}

/** The first of the changes whose request this is. */
export function findChange<Change extends Pick<PDChange<never>, 'route' | 'kind'>>(
  changes: readonly Change[],
  request: Pick<HttpRequest, 'method' | 'path' | 'body'>,
): Change | undefined {
  return changes.find(({ route, kind }) => {
    const [method, path = ''] = route.split(' ');
    const pattern = new RegExp(`^${PD_API}${path.replaceAll(/\{\w+\}/gu, '[^/]+')}$`, 'u');
    const isRoute = method === request.method && pattern.test(request.path);
    return isRoute && (kind === undefined || readBody(request)['name'] === kind);
  });
}

/** Body of a request; an object without members when it has none. */
export function readBody({ body }: Pick<HttpRequest, 'body'>): JsonObject {
  const value: unknown = JSON.parse(body ?? 'null');
  return isJsonObject(value) ? value : {};
}

/** A parameter as it stands in a path. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function fill(parameters: unknown, name: string): string {
  const value = isJsonObject(parameters) ? parameters[name] : undefined;
  if (value === undefined)
    throw new Error(`the route has {${name}}, and the action no such parameter`);
  return encodeURIComponent(textOf(value));
}
