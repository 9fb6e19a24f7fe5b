import { isHttpRequest, OperatorError } from 'operator-core';
import type {
  Capture,
  Inverse,
  JsonObject,
  JsonValue,
  Plan,
  PlannedRequest,
  PlanOutcome,
  SendResult,
  TargetedRequest,
} from 'operator-core';
import { readPointer } from '../base/json-pointer.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { mapTexts } from '../secrets/secret-values.ts';

/** Captured values by name. */
export type Captured = Readonly<Record<string, string>>;

const PLACEHOLDER = /\$\{captured:([a-z][a-z0-9_]*)\}/gu;
/** Characters that stay what they are in a path, in a JSON text and in a line of a protocol. */
const HARMLESS = /^[\u0021\u0023\u0025-\u005b\u005d-\u007e]{1,1024}$/u;

/** All mistakes in the captures of a draft: invalid names, and placeholders that no earlier answer fills. */
export function captureIssues(outcome: PlanOutcome): readonly string[] {
  if (outcome.kind !== 'draft') return [];
  const known = new Set<string>();
  const issues = outcome.requests.flatMap((request, index) => {
    const missing = placeholdersIn(contentOf(request)).filter((name) => !known.has(name));
    const twice = (request.captures ?? []).filter(({ name }) => known.has(name));
    for (const { name } of request.captures ?? []) known.add(name);
    return [
      ...missing.map((name) => `request ${index + 1} needs ${name}, which no earlier one captures`),
      ...twice.map(({ name }) => `request ${index + 1} captures ${name} again`),
    ];
  });
  const { inverse } = outcome;
  const needed = 'action' in inverse ? placeholdersIn(inverse.parameters) : [];
  const unknown = needed.filter((name) => !known.has(name));
  return [...issues, ...unknown.map((name) => `its inverse needs ${name}, which is not captured`)];
}

/** True when a value holds a placeholder somewhere. */
export function hasPlaceholder(value: unknown): boolean {
  return placeholdersIn(value).length > 0;
}

/** Values of one answer, and the reasons for those that it does not give. */
export interface Captures {
  readonly captured: Captured;
  /** `CAPTURE_FAILED` by the name of each value that is not as it must be. */
  readonly missing: ReadonlyMap<string, OperatorError>;
}

/** The values of an accepted answer that its request captures. A missing one takes no other with it. */
export function captureValues({ captures = [] }: PlannedRequest, answer: string): Captures {
  const captured: Record<string, string> = {};
  const missing = new Map<string, OperatorError>();
  for (const capture of captures) {
    try {
      captured[capture.name] = readCapture(capture, answer);
    } catch (error) {
      if (!OperatorError.isInstance(error)) throw error;
      missing.set(capture.name, error);
    }
  }
  return { captured, missing };
}

/** Name of the value that an error is about, or `null`. */
export function capturedName({ facts }: OperatorError): string | null {
  const { capture } = facts;
  return typeof capture === 'string' ? capture : null;
}

/** All values that the results of a run hold. */
export function capturedOf(results: readonly (SendResult | null)[]): Captured {
  const all = results.map((result) => (result?.outcome === 'accepted' ? result.captured : {}));
  return Object.assign({}, ...all);
}

/** The request with captured values in their places. Throws `CAPTURE_FAILED` when one is missing. */
export function fillCaptured(request: TargetedRequest, captured: Captured): TargetedRequest {
  if (isHttpRequest(request)) {
    const { path, body } = request;
    const filled = fill(path, captured);
    // A captured value here would name another server.
    if (filled.startsWith('//')) throw createFailed('of the path', 'it would begin with //');
    return { ...request, path: filled, body: body === null ? null : fill(body, captured) };
  }
  const statement = fillAll(request.statement, captured);
  return { ...request, statement, text: fill(request.text, captured) };
}

/** The inverse of a plan with the values that its run captured; `none` with the reason when one is missing. */
export function fillInverse({ inverse }: Pick<Plan, 'inverse'>, captured: Captured): Inverse {
  if ('none' in inverse || !hasPlaceholder(inverse.parameters)) return inverse;
  try {
    const parameters = fillAll(inverse.parameters, captured);
    return { ...inverse, parameters: parameters as JsonObject };
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    return { none: error.message };
  }
}

/** The inverse of a recorded run. */
export function inverseOf({
  plan,
  requests,
}: {
  readonly plan: Pick<Plan, 'inverse'>;
  readonly requests: readonly { readonly result: SendResult | null }[];
}): Inverse {
  return fillInverse(plan, capturedOf(requests.map(({ result }) => result)));
}

function contentOf(request: PlannedRequest): JsonValue {
  return isHttpRequest(request) ? [request.path, request.body] : [request.statement, request.text];
}

function placeholdersIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const mask = (text: string): string => {
    for (const [, name = ''] of text.matchAll(PLACEHOLDER)) found.push(name);
    return text;
  };
  mapTexts(value, { mask, maskName: (name) => name });
  return found;
}

function fillAll(value: JsonValue, captured: Captured): JsonValue {
  const mask = (text: string): string => fill(text, captured);
  // Texts are replaced by texts, so that it stays JSON.
  return mapTexts(value, { mask, maskName: (name) => name }) as JsonValue;
}

function fill(text: string, captured: Captured): string {
  return text.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(captured, name) ? captured[name] : undefined;
    if (value === undefined) throw createFailed(name, 'no answer has given it');
    return value;
  });
}

function readCapture({ name, at, pattern }: Capture, answer: string): string {
  const value = at === '' ? answer.trim() : readPointer(parseAnswer(answer, name), at);
  if (value === undefined) throw createFailed(name, `the answer has no ${at}`);
  const isWhole = typeof value === 'number' && Number.isSafeInteger(value);
  const text = isWhole ? String(value) : value;
  if (typeof text !== 'string') throw createFailed(name, `${at} is no text and no whole number`);
  const isFit = HARMLESS.test(text) && new RegExp(`^(?:${pattern})$`, 'u').test(text);
  if (!isFit)
    throw createFailed(name, `${JSON.stringify(text.slice(0, 80))} does not match ${pattern}`);
  return text;
}

function parseAnswer(answer: string, name: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    throw createFailed(name, 'the answer is no JSON');
  }
}

function createFailed(name: string, why: string): OperatorError {
  return createEngineError('CAPTURE_FAILED', {
    message: `The value ${name} could not be taken from the answers of the system: ${why}. Nothing was put in its place.`,
    remedy: 'Look at the state of the system, then plan again.',
    facts: { capture: name, reason: why },
  });
}
