import { isHttpRequest } from '../contract/planned-request.ts';
import type { PlannedRequest } from '../contract/planned-request.ts';
import type { JsonObject } from '../json/json.ts';

/** Everything that decides which bytes leave, and how long they are waited for: the request without purpose and target. */
export function toRequestContent(request: PlannedRequest): JsonObject {
  const { purpose: _purpose, target: _target, captures, ...rest } = request;
  const kept = captures === undefined ? {} : { captures: captures.map((one) => ({ ...one })) };
  const content = { ...rest, ...kept };
  return isHttpRequest(request) ? { ...content, protocol: 'http' } : content;
}

/** A request as one line, for people: `PUT /queues/mail`, or `resp SETNAME lamp`. */
export function toRequestTitle(request: PlannedRequest): string {
  if (isHttpRequest(request)) return `${request.method} ${request.path}`;
  const [line = ''] = request.text.split('\n', 1);
  return `${request.protocol} ${line}`;
}
