import { draft, nothingToDo } from 'operator-core';
import type {
  InferParameters,
  PlanContext,
  PlanDraft,
  PlanOutcome,
  Verification,
} from 'operator-core';
import * as z from 'zod/mini';
import { defineParameters } from '../contract/define-parameters.ts';
import { requirePrepared } from './checks/check-prepared.ts';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import { IMMEDIATE_DEADLINE_MS } from './verifying/deadlines.ts';
import { defineChange } from './define-change.ts';
import { drainedStoresFact } from './situation/evidence.ts';
import { readScheduling } from '../reads/scheduling.ts';
import { toRequest } from './pd-change.ts';
import { orRefused } from './checks/refusals.ts';

const SETTLE_MS = 500;

const parameters = defineParameters({
  limit: z
    .int()
    .check(
      z.minimum(0),
      z.describe('Largest number of leader operators that PD runs at a time; 0 stops them'),
    ),
});

type Parameters = InferParameters<typeof parameters>;

/** Sets how many leaders PD moves at a time. */
export const setLeaderScheduleLimit = defineChange({
  name: 'set_leader_schedule_limit',
  description: 'Set the largest number of leader operators that PD runs at a time.',
  riskLevel: 'medium',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,
  // PD accepts a key that it does not know with 200 and ignores it (PD API, config).
  change: {
    purpose: 'set the schedule configuration',
    route: 'POST /config/schedule',
    body: ({ limit }) => ({ 'leader-schedule-limit': limit }),
    answers: [[String.raw`need to clean up TTL first for \S+`, 'SETTING_OVERRIDDEN']],
  },

  plan: (context) => orRefused(() => planLimit(context)),

  async verify({ parameters: wanted, subject: { pd }, signal }): Promise<Verification> {
    const { leaderScheduleLimit } = await pd.getScheduleConfig({ signal });
    return {
      state: leaderScheduleLimit === wanted.limit ? 'reached' : 'pending',
      summary: `leader-schedule-limit is ${leaderScheduleLimit}.`,
      facts: { leaderScheduleLimit },
    };
  },
});

async function planLimit(context: PlanContext<Parameters, TiKVReads>): Promise<PlanOutcome> {
  const { signal } = context;
  const { limit } = context.parameters;
  const { pd } = context.subject;
  const config = pd.getScheduleConfig({ signal });
  const [schedule, scheduling] = await Promise.all([
    config,
    readScheduling(pd, { signal, config }),
  ]);
  const current = schedule.leaderScheduleLimit;
  if (current === limit) {
    return nothingToDo(`leader-schedule-limit is already ${limit}.`, {
      leaderScheduleLimit: current,
    });
  }
  // The effect of 0 is known only when all drains are known.
  if (limit === 0) requirePrepared(scheduling);
  return toDraft(current, limit, scheduling.evictedStoreIds);
}

function toDraft(current: number, limit: number, drained: readonly number[]): PlanDraft {
  const stopsDrains = limit === 0 && drained.length > 0;
  return draft({
    summary: `Set leader-schedule-limit from ${current} to ${limit}.`,
    evidence: {
      bound: [{ name: 'leader-schedule-limit', value: current, unit: 'count' }],
      shown: [drainedStoresFact(drained)],
    },
    effects: [
      {
        resource: 'config:leader-schedule-limit',
        description: `PD moves up to ${limit} leaders at a time`,
        before: current,
        after: limit,
      },
    ],
    impact: [],
    warnings: limit === 0 ? [warnOfStandstill(drained)] : [],
    requests: [toRequest(setLeaderScheduleLimit.change, { limit })],
    resources: [{ resource: 'config:leader-schedule-limit', mode: 'exclusive' }],
    ...(stopsDrains ? { riskLevel: 'high' } : {}),
    inverse: { action: 'set_leader_schedule_limit', parameters: { limit: current } },
    deadlineMs: IMMEDIATE_DEADLINE_MS,
    settleMs: SETTLE_MS,
  });
}

function warnOfStandstill(drained: readonly number[]): string {
  const stopped =
    drained.length === 0 ? '' : `, and the drains of stores ${drained.join(', ')} stand still`;
  return `With 0 PD moves no leaders at all: balancing stops${stopped}.`;
}
