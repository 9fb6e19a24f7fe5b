import { isJsonObject, isUnknown } from 'operator-core';
import type { HttpRequest, SendResult } from 'operator-core';
import { PD_API } from '../pd/index.ts';
import type { PDCallOptions, PDOperatorState } from '../pd/index.ts';
import { transferPeerOperator } from '../pd/wire/operator-names.ts';
import type { PDReader } from '../pd/read/pd-reader.ts';
import { orUnknown } from '../reads/or-unknown.ts';
import { wallNow } from '../pd/wire/wall-clock.ts';
import { isRunning } from './check-region.ts';
import { describeOperator } from './operator-fate.ts';

type Refused = Extract<SendResult, { outcome: 'refused' }>;

/** PD's answer to an operator that it has already, or cannot add for another reason (PD API, operators). */
const NOT_ADDED = /failed to add operator/u;

/** Greatest age of an operator that can be the first copy of a request just refused, milliseconds. */
const JUST_MADE_MS = 60_000;

/**
 * Result of a request that PD refused because it has an operator already. Where PD shows an operator of the very name that the
 * request asks for, made just now, it may be of a first copy of the same request: the outcome is then unknown, and reading tells.
 */
export async function withoutTwin(
  pd: Pick<PDReader, 'getOperator'>,
  { request, refused }: { readonly request: HttpRequest; readonly refused: Refused },
  options: PDCallOptions,
): Promise<SendResult> {
  if (request.path !== `${PD_API}/operators` || !NOT_ADDED.test(refused.answer)) return refused;
  const asked = readBody(request);
  if (asked === null) return refused;
  const operator = await orUnknown(pd.getOperator(asked.regionId, options), options);
  if (operator === null || isUnknown(operator) || !isTwin(operator, asked)) return refused;
  const reason = `PD says "${refused.answer}" and has ${describeOperator(operator)}, which is the requested one; the request that created it is unknown`;
  return { outcome: 'unknown', reason };
}

interface Asked {
  readonly regionId: number;
  readonly isSame: (operator: PDOperatorState) => boolean;
}

/** The operator that a request asks for; `null` for one that is neither a leader's nor a peer's move. */
function readBody({ body }: HttpRequest): Asked | null {
  const value: unknown = JSON.parse(body ?? 'null');
  if (!isJsonObject(value)) return null;
  const { name, region_id: regionId, from_store_id: from, to_store_id: to } = value;
  if (typeof regionId !== 'number' || typeof to !== 'number') return null;
  if (name === 'transfer-leader') return { regionId, isSame: (one) => movesLeaderTo(one, to) };
  if (name !== 'transfer-peer' || typeof from !== 'number') return null;
  const wanted = transferPeerOperator(String(from), String(to));
  const isSame = ({ description, brief }: PDOperatorState): boolean =>
    description === wanted.description && brief === wanted.brief;
  return { regionId, isSame };
}

function movesLeaderTo({ description, brief }: PDOperatorState, to: number): boolean {
  return description === 'admin-transfer-leader' && brief.endsWith(` to ${to}`);
}

function isTwin(operator: PDOperatorState, asked: Asked): boolean {
  if (!asked.isSame(operator)) return false;
  const { createdAtMs } = operator;
  return isRunning(operator) || (createdAtMs !== null && wallNow() - createdAtMs < JUST_MADE_MS);
}
