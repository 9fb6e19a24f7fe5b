import { isUnknown } from 'operator-core';
import type { HttpRequest, SendResult } from 'operator-core';
import { hasName } from '../../pd/index.ts';
import type { PDCallOptions, PDOperatorName, PDOperatorState } from '../../pd/index.ts';
import type { PDReader } from '../../pd/read/pd-reader.ts';
import { orUnknown } from '../../reads/or-unknown.ts';
import { wallNow } from '../../pd/wire/wall-clock.ts';
import { isRunning } from '../checks/check-region.ts';
import { describeOperator } from '../verifying/operator-fate.ts';
import { readBody } from '../pd-change.ts';
import type { PDChange } from '../pd-change.ts';

type Refused = Extract<SendResult, { outcome: 'refused' }>;

/** A request that PD refused. */
interface RefusedRequest {
  readonly request: HttpRequest;
  /** The change that it asks for, if known. */
  readonly change: Pick<PDChange<never>, 'toOperator'> | undefined;
  readonly refused: Refused;
}

/**
 * PD's answers to a request whose first copy it carries out, or has carried out (PD API, operators): it has an operator already,
 * the leader or the peer is where it should go, or the peer is gone from where it should leave. Each may have another cause.
 */
const SECOND_COPY =
  /failed to add operator|no operator step is built|region (already has|has no) (voter|peer)/u;

/** Greatest age of an operator that can be the first copy of a request just refused, milliseconds. */
const JUST_MADE_MS = 60_000;

/**
 * Result of a request that PD refused in words that a second copy meets. Where PD shows an operator of the very name that the
 * request asks for, made just now, it may be of a first copy of the same request: the outcome is then unknown, and reading tells.
 */
export async function withoutTwin(
  pd: Pick<PDReader, 'getOperator'>,
  { request, change, refused }: RefusedRequest,
  options: PDCallOptions,
): Promise<SendResult> {
  const body = readBody(request);
  const { region_id: regionId } = body;
  const wanted = change?.toOperator?.(body);
  if (wanted === undefined || typeof regionId !== 'number' || !SECOND_COPY.test(refused.answer)) {
    return refused;
  }
  const operator = await orUnknown(pd.getOperator(regionId, options), options);
  if (operator === null || isUnknown(operator) || !isTwin(operator, wanted)) return refused;
  const reason = `PD says "${refused.answer}" and has ${describeOperator(operator)}, which is the requested one; the request that created it is unknown`;
  return { outcome: 'unknown', reason };
}

function isTwin(operator: PDOperatorState, wanted: PDOperatorName): boolean {
  if (!hasName(operator, wanted)) return false;
  const { createdAtMs } = operator;
  return isRunning(operator) || (createdAtMs !== null && wallNow() - createdAtMs < JUST_MADE_MS);
}
