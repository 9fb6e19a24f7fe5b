import type { Verification } from 'operator-core';
import type { PDOperatorState, PDStore } from '../../pd/index.ts';
import { whyStateUnknown } from '../../reads/liveness.ts';
import { operatorFacts } from './operator-fate.ts';
import { toReadOptions, withFacts } from './operator-verification.ts';
import type { OperatorVerification, RegionLook } from './operator-verification.ts';

/** A reason for waiting, and the event that ends it. */
interface Reason {
  readonly why: string;
  readonly remedy: string;
}

/**
 * Adds the reasons for which PD waits to an effect that is not in force yet. Store limits, schedule limits and
 * halted scheduling are none of it: they do not hold back an administrator's operator once PD has taken it (PD
 * 6.5.12 and 8.5.7, operator controller: operators of the highest priority skip store limits; pushing them
 * looks at no other limit).
 */
export async function explainWaiting(
  wanted: OperatorVerification,
  { verification, region }: RegionLook,
  operator: PDOperatorState,
): Promise<Verification> {
  const leaderId = region?.leader?.storeId ?? null;
  const [target, leader] = await readStores(wanted, leaderId);
  const reasons = [
    ...whyLeaderless(region === null || leaderId !== null),
    ...whySilent(leader, target, 'which leads the region'),
    ...(target?.id === leaderId ? [] : whySilent(target, leader, 'the target')),
  ];
  const remedies = reasons.map(({ remedy }) => remedy);
  const advice = remedies.length === 0 ? [] : [`${remedies.join('; ')}, or cancel the run.`];
  // The reason comes first: a terminal shows the first line's width of it.
  const words = [...reasons.map(({ why }) => why), ...advice, verification.summary];
  return withFacts(
    { ...verification, summary: [...words, ...describeStep(operator)].join(' ') },
    {
      ...operatorFacts(operator),
      operatorStep: operator.currentStep,
      waitsFor: reasons.map(({ why }) => why),
    },
  );
}

async function readStores(
  { context, targetStoreId }: OperatorVerification,
  leaderId: number | null,
): Promise<readonly (PDStore | null)[]> {
  const { pd } = context.subject;
  const options = toReadOptions(context);
  return await Promise.all([
    targetStoreId === null ? null : pd.getStore(targetStoreId, options),
    leaderId === null ? null : pd.getStore(leaderId, options),
  ]);
}

function whyLeaderless(isLed: boolean): readonly Reason[] {
  if (isLed) return [];
  return [
    {
      why: 'PD knows no leader of the region that could carry it out.',
      remedy: 'Find out which of its stores are down',
    },
  ];
}

function whySilent(
  store: PDStore | null | undefined,
  other: PDStore | null | undefined,
  role: string,
): readonly Reason[] {
  if (store === null || store === undefined) return [];
  const unknown = whyStateUnknown(store, other ? [store, other] : [store]);
  if (unknown !== null) {
    const why = `The state of store ${store.id}, ${role}, is not known: ${unknown}.`;
    return [{ why, remedy: 'Wait until the store has reported' }];
  }
  if (store.state === 'Up') return [];
  const silentMs = (other?.lastHeartbeatMs ?? 0) - (store.lastHeartbeatMs ?? 0);
  const isMeasured = store.lastHeartbeatMs !== null && silentMs >= 1000;
  const since = isMeasured ? `, silent for at least ${Math.round(silentMs / 1000)} s` : '';
  return [
    {
      why: `Store ${store.id}, ${role}, is ${store.state}${since}.`,
      remedy: `Bring store ${store.id} back`,
    },
  ];
}

function describeStep({ currentStep, steps }: PDOperatorState): readonly string[] {
  const step = currentStep === null ? undefined : steps[currentStep];
  if (currentStep === null || step === undefined) return [];
  return [`PD is at step ${currentStep + 1} of ${steps.length}: ${step}.`];
}
