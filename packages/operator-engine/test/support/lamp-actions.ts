import {
  isHttpRequest,
  draft,
  forSubject,
  nothingToDo,
  OperatorError,
  refuse,
  unknownBecause,
} from 'operator-core';
import type {
  PlanDraft,
  PlannedRequest,
  PlanOutcome,
  Tolerance,
  Verification,
} from 'operator-core';
import { z } from 'zod';
import { hangForever, LOCKED } from './lamp-subject.ts';
import type { LampSubject } from './lamp-subject.ts';

const { defineAction } = forSubject<LampSubject>();

const lampId = z.int().min(1).describe('Number of the lamp');
const on = z.boolean().default(true).describe('Whether it shall burn');
const patience = z.int().min(1).default(5_000).describe('Milliseconds until it must burn');

function switchRequest(id: number, value: boolean): PlannedRequest {
  const body = JSON.stringify({ on: value });
  return { purpose: 'switch the lamp', method: 'POST', path: `/lamps/${id}`, body };
}

function draftFor(ids: readonly number[], value: boolean, facts: PlanDraft['evidence']): PlanDraft {
  const [first = 0, ...others] = ids;
  return draft({
    summary: `Switch lamps ${ids.join(', ')} ${value ? 'on' : 'off'}.`,
    evidence: facts,
    effects: ids.map((id) => ({ resource: `lamp:${id}`, description: 'changes its light' })),
    impact: [{ name: 'lamps', value: ids.length, unit: 'count' }],
    requests: [switchRequest(first, value), ...others.map((id) => switchRequest(id, value))],
    resources: ids.map((id) => ({ resource: `lamp:${id}`, mode: 'exclusive' as const })),
    inverse: { action: 'switch_lamp', parameters: { lamp_id: first, on: !value } },
    deadlineMs: 5_000,
  });
}

function withTarget(made: PlanDraft, target: readonly string[]): PlanDraft {
  const [first, ...others] = made.requests;
  return { ...made, requests: [{ ...first, target }, ...others] };
}

function tolerating(made: PlanDraft, tolerance: Tolerance): PlanDraft {
  const bound = made.evidence.bound.map((fact) => ({ ...fact, tolerance }));
  return { ...made, evidence: { ...made.evidence, bound } };
}

/** What a plan can come to that no honest plugin gives. */
const junk: Readonly<Record<string, (outcome: PlanDraft) => unknown>> = {
  plan_is_junk: () => ({ kind: 'draft', summary: 7 }),
  plan_is_nothing: () => undefined,
  plan_is_huge: (outcome) => ({ ...outcome, warnings: ['x'.repeat(9 * 1024 * 1024)] }),
  plan_goes_elsewhere: (outcome) => ({
    ...outcome,
    requests: [{ ...outcome.requests[0], path: '//evil.example/lamps/1' }],
  }),
  plan_refuses_by_invention: () =>
    refuse({ code: 'MADE_UP', message: 'No.', facts: {}, remedy: 'None.' }),
  plan_inverts_by_invention: (outcome) => ({
    ...outcome,
    inverse: { action: 'unswitch', parameters: {} },
  }),
  plan_inverts_with_nonsense: (outcome) => ({
    ...outcome,
    inverse: { action: 'switch_lamp', parameters: { lamp_id: 'first', on: true } },
  }),
  plan_rests_on_unknown: (outcome) => ({
    ...outcome,
    evidence: {
      bound: [{ name: 'lamp:1 owner', value: { of: [unknownBecause('the register is shut')] } }],
      shown: [{ name: 'lamp:1 age', value: unknownBecause('it has no label') }],
    },
  }),
  plan_stands_for_ever: (outcome) => ({
    ...outcome,
    standingEffect: { name: 'glow', resource: 'lamp:1' },
    inverse: { none: 'it is welded' },
  }),
  plan_disturbs_nothing: (outcome) => ({ ...outcome, resources: [], deadlineMs: 0 }),
  plan_sends_a_read: (outcome) => ({
    ...outcome,
    requests: [{ ...outcome.requests[0], path: '/search?lamp=1' }],
  }),
  plan_tolerates: (outcome) => tolerating(outcome, { atLeast: 2, within: 2 }),
  plan_names_no_origin: (outcome) => ({
    ...outcome,
    requests: [{ ...outcome.requests[0], target: ['http://lamps.test/lamps'] }],
  }),
  plan_shares_the_fuse: (outcome) => ({
    ...outcome,
    resources: [
      ...outcome.resources,
      { resource: 'fuse:main', mode: 'exclusive' as const, until: 'sent' as const },
    ],
  }),
  plan_is_riskier: (outcome) => ({ ...outcome, riskLevel: 'high' }),
  plan_is_milder: (outcome) => ({ ...outcome, riskLevel: 'low' }),
};

export const switchLamp = defineAction({
  name: 'switch_lamp',
  description: 'Switch a lamp on or off',
  riskLevel: 'medium',
  requiresApproval: false,
  parameters: z.strictObject({
    lamp_id: lampId,
    on,
    patience_ms: patience,
    settle_ms: z.int().min(0).default(0).describe('Milliseconds that it must go on burning'),
  }),
  async plan({ parameters, subject, signal }): Promise<PlanOutcome> {
    const { mischief } = subject;
    if (mischief.has('plan_throws')) throw new Error('the fuse blew');
    if (mischief.has('plan_throws_nonsense')) throw null;
    if (mischief.has('plan_hangs')) await hangForever();
    if (mischief.has('plan_writes')) {
      await subject.send(switchRequest(parameters.lamp_id, true), { callerId: 'me' });
    }
    if (mischief.has('plan_writes_in_secret')) {
      const writing = subject.send(switchRequest(1, true), { callerId: 'me' });
      await writing.catch(() => undefined);
    }
    const lamp = await subject.readLamp(parameters.lamp_id, signal);
    if (lamp === null) {
      return refuse({
        code: 'LAMP_UNKNOWN',
        message: `There is no lamp ${parameters.lamp_id}.`,
        facts: { lamp_id: parameters.lamp_id },
        remedy: 'Name another lamp.',
      });
    }
    if (lamp.on === parameters.on) return nothingToDo('The lamp is so already.', { on: lamp.on });
    const made = {
      ...draftFor([parameters.lamp_id], parameters.on, {
        bound: [{ name: `lamp:${parameters.lamp_id} wiring`, value: lamp.wiring }],
        shown: [{ name: `lamp:${parameters.lamp_id} on`, value: lamp.on }],
      }),
      impact: [
        { name: 'lamps', value: 1, unit: 'count' as const },
        { name: 'watts', value: lamp.watts ?? 60, unit: 'count' as const },
      ],
      deadlineMs: parameters.patience_ms,
      settleMs: parameters.settle_ms,
    };
    const name = Object.keys(junk).find((one) => mischief.has(one));
    if (mischief.has('names_all_targets')) return withTarget(made, subject.origins);
    return (name === undefined ? made : junk[name]?.(made)) as PlanOutcome;
  },
  async verify({ parameters, subject, signal, plan, sentAt }): Promise<Verification> {
    const { mischief } = subject;
    if (mischief.has('verify_throws')) throw new Error('cannot see');
    if (mischief.has('verify_hangs')) await hangForever();
    if (mischief.has('verify_writes')) await subject.send(switchRequest(1, true), { callerId: '' });
    const lamp = await subject.readLamp(parameters.lamp_id, signal);
    const facts = { on: lamp?.on ?? false, planned: plan !== null, sent: sentAt !== null };
    if (lamp?.veiled === true) {
      return { state: 'unknown', summary: 'The lamp is behind a curtain.', facts };
    }
    if (mischief.has('verify_names_another') && lamp?.on === parameters.on) {
      return { state: 'reached', summary: 'The house keeper did it.', facts, cause: 'another' };
    }
    if (lamp?.on === parameters.on) return { state: 'reached', summary: 'The lamp is so.', facts };
    const state = mischief.has('verify_gives_up') ? 'failed' : 'pending';
    return {
      state: lamp?.wiring === 9 ? 'superseded' : state,
      summary: 'The lamp is not so.',
      facts,
      progress: { done: 0, total: 1, of: 'lamps' },
      ...(mischief.has('verify_finds_a_record') ? { wasReached: true as const } : {}),
    };
  },
});

const several = z.strictObject({
  lamp_ids: z.array(z.int()).min(1).describe('Numbers of the lamps'),
});

async function planSeveral(ids: readonly number[], subject: LampSubject): Promise<PlanOutcome> {
  const lamps = await Promise.all(ids.map((id) => subject.readLamp(id)));
  const bound = ids.map((id, index) => ({
    name: `lamp:${id} wiring`,
    value: lamps[index]?.wiring ?? 0,
  }));
  return draftFor(ids, true, { bound, shown: [] });
}

async function verifySeveral(ids: readonly number[], subject: LampSubject): Promise<Verification> {
  const lamps = await Promise.all(ids.map((id) => subject.readLamp(id)));
  const burning = lamps.filter((lamp) => lamp?.on).length;
  const state = burning === ids.length ? 'reached' : 'pending';
  return { state, summary: `${burning} of ${ids.length} lamps burn.`, facts: { burning } };
}

export const switchSeveral = defineAction({
  name: 'switch_several',
  description: 'Switch several lamps on, one after the other',
  riskLevel: 'low',
  requiresApproval: false,
  parameters: several,
  plan: async ({ parameters, subject }) => planSeveral(parameters.lamp_ids, subject),
  verify: async ({ parameters, subject }) => verifySeveral(parameters.lamp_ids, subject),
});

export const switchTogether = defineAction({
  ...switchSeveral,
  name: 'switch_together',
  description: 'Switch several lamps on at the same time, in its own way',
  async execute({ plan, send, signal }) {
    const { summary, requests } = plan;
    const [first] = requests;
    if (summary.includes('13')) {
      await Promise.all(requests.map(send));
      throw new Error('execute fell over at the end');
    }
    if (summary.includes('14')) throw new Error('execute fell over at once');
    if (summary.includes('15')) await send(tampered(first));
    if (summary.includes('16')) return [await send(first), await send(first)];
    if (summary.includes('17')) {
      const waiting = send(first);
      await Promise.race([waiting, hangUntil(signal)]);
      return [await waiting];
    }
    if (summary.includes('18')) return [await send(first)];
    return Promise.all(requests.map(send));
  },
});

async function hangUntil(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

export const breakLamp = defineAction({
  ...switchLamp,
  name: 'break_lamp',
  description: 'Break a lamp',
  requiresApproval: true,
});

export const lockedLamp = defineAction({
  ...switchLamp,
  name: 'switch_locked_lamp',
  description: 'Switch a lamp that is always locked',
  async plan() {
    throw new OperatorError({ ...LOCKED, kind: 'refused' });
  },
});

function tampered(request: PlannedRequest): PlannedRequest {
  return isHttpRequest(request) ? { ...request, body: '{"on":false}' } : request;
}
