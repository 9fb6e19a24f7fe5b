import {
  ActionRegistry,
  defineAction,
  defineObservation,
  definePlugin,
  forSubject,
  parsePlanOutcome,
  parseVerification,
  refuse,
  validateParameters,
} from 'operator-core';
import type {
  Action,
  AnyParametersSchema,
  InferParameters,
  Plan,
  PlannedRequest,
  PlanOutcome,
  SendResult,
  Subject,
  SubjectPlugin,
  Verification,
} from 'operator-core';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { z as zodOlder } from 'zod-older';
import type { handWritten, Store } from '../schemas.ts';

interface Lamps extends Subject {
  switchOn(id: number): Promise<void>;
}

const parameters = z.strictObject({
  lamp_id: z.int(),
  colour: z.string().default('white'),
  rooms: z.array(z.string()).optional(),
});

interface LampParameters {
  lamp_id: number;
  colour: string;
  rooms?: string[] | undefined;
}

const base = {
  name: 'switch_lamp',
  description: 'Switch a lamp',
  riskLevel: 'low',
  requiresApproval: false,
} as const;

const pending: Verification = { state: 'pending', summary: 'dark', facts: {} };
const done: PlanOutcome = { kind: 'nothing_to_do', summary: 'on', facts: {} };

describe('what is inferred', () => {
  it('parameters of an action, with defaults applied', () => {
    defineAction({
      ...base,
      parameters,
      plan: async (context) => {
        expectTypeOf(context.parameters).toEqualTypeOf<LampParameters>();
        expectTypeOf(context.subject).toEqualTypeOf<Subject>();
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
        return done;
      },
      verify: async (context) => {
        expectTypeOf(context.parameters).toEqualTypeOf<LampParameters>();
        expectTypeOf(context.plan).toEqualTypeOf<Plan | null>();
        expectTypeOf(context.sentAt).toEqualTypeOf<number | null>();
        return pending;
      },
      execute: async ({ plan, send }) => {
        expectTypeOf(send).toEqualTypeOf<(request: PlannedRequest) => Promise<SendResult>>();
        return [await send(plan.requests[0])];
      },
    });
  });

  it('parameters of an observation', () => {
    defineObservation({
      name: 'lamps',
      description: 'All lamps',
      parameters,
      read: async (context) => {
        expectTypeOf(context.parameters).toEqualTypeOf<LampParameters>();
        return [];
      },
    });
  });

  it('parameters, subject and what `look` has seen, in the short form', () => {
    const lamps = forSubject<Lamps>();
    const action = lamps.defineAction({
      ...base,
      parameters,
      look: async (context) => {
        expectTypeOf(context.subject).toEqualTypeOf<Lamps>();
        expectTypeOf(context.parameters).toEqualTypeOf<LampParameters>();
        return { ...pending, seen: { watts: 40 } };
      },
      plan: async ({ parameters: given, seen }) => {
        expectTypeOf(given).toEqualTypeOf<LampParameters>();
        expectTypeOf(seen).toEqualTypeOf<{ watts: number }>();
        return refuse({ code: 'DARK', message: 'No.', facts: {}, remedy: 'Wait.' });
      },
    });
    expectTypeOf(action).toEqualTypeOf<Action<typeof parameters, Lamps>>();
    defineAction({
      ...base,
      parameters,
      look: async ({ plan }) => ({
        state: plan === null ? 'pending' : 'reached',
        summary: 'It shines.',
        facts: {},
        seen: null,
      }),
      plan: async () => refuse({ code: 'DARK', message: 'No.', facts: {}, remedy: 'Wait.' }),
    });
  });

  it('the subject of one’s own, said once', () => {
    const lamps = forSubject<Lamps>();
    const action = lamps.defineAction({
      ...base,
      parameters,
      plan: async (context) => {
        expectTypeOf(context.subject).toEqualTypeOf<Lamps>();
        expectTypeOf(context.parameters).toEqualTypeOf<LampParameters>();
        return done;
      },
      verify: async () => pending,
    });
    const observation = lamps.defineObservation({
      name: 'lamps',
      description: 'All lamps',
      parameters,
      read: async (context) => {
        expectTypeOf(context.subject).toEqualTypeOf<Lamps>();
        return [];
      },
    });
    const plugin = definePlugin({
      name: 'lamp',
      description: 'Lamps',
      config: z.strictObject({ url: z.string(), port: z.int().default(80) }),
      refusals: {},
      observations: [observation],
      actions: [action],
      connect: (config) => {
        expectTypeOf(config).toEqualTypeOf<{ url: string; port: number }>();
        return {} as Lamps;
      },
    });
    expectTypeOf<ReturnType<typeof plugin.connect>>().toEqualTypeOf<Lamps | Promise<Lamps>>();
    expectTypeOf(plugin).toExtend<SubjectPlugin<AnyParametersSchema, Lamps>>();
  });

  it('the output of any Standard Schema, of every library', () => {
    const older = zodOlder.strictObject({ lamp_id: zodOlder.int().default(1) });
    expectTypeOf<InferParameters<typeof older>>().toEqualTypeOf<{ lamp_id: number }>();
    expectTypeOf<InferParameters<typeof handWritten>>().toEqualTypeOf<Store>();
    expectTypeOf(validateParameters(parameters, {}))
      .resolves.extract<{ ok: true }>()
      .toEqualTypeOf<{
        readonly ok: true;
        readonly value: LampParameters;
      }>();
    defineAction({
      ...base,
      parameters: older,
      plan: async (context) => {
        expectTypeOf(context.parameters).toEqualTypeOf<{ lamp_id: number }>();
        return done;
      },
      verify: async () => pending,
    });
  });

  it('what a host gets back from checked code', () => {
    expectTypeOf(parsePlanOutcome).returns.toEqualTypeOf<PlanOutcome>();
    expectTypeOf(parseVerification).returns.toEqualTypeOf<Verification>();
  });

  it('a registry of anything that lists its actions', () => {
    expectTypeOf(ActionRegistry).toBeConstructibleWith({ getActionDefinitions: () => [] });
  });
});

describe('what does not compile', () => {
  it('actions that miss or misspell something', () => {
    const plan = async () => done;
    const verify = async () => pending;
    // @ts-expect-error -- an action without verify could never be proven
    defineAction({ ...base, parameters, plan });
    // @ts-expect-error -- the levels are low, medium and high
    defineAction({ ...base, riskLevel: 'none', parameters, plan, verify });
    // @ts-expect-error -- parameters are a schema, not ParamDefs
    defineAction({ ...base, parameters: { lamp_id: { type: 'integer' } }, plan, verify });
    // @ts-expect-error -- a plan outcome is a draft, a refusal or nothing to do
    defineAction({ ...base, parameters, plan: async () => ({ kind: 'done' }), verify });
    defineAction({
      ...base,
      parameters,
      // @ts-expect-error -- the schema knows no such parameter
      plan: async ({ parameters: { lamp } }) => ({ ...done, summary: String(lamp) }),
      verify,
    });
  });

  it('a plugin that stamps itself or forgets its refusals', () => {
    const connect = () => ({}) as Subject;
    const spec = {
      name: 'lamp',
      description: 'Lamps',
      config: parameters,
      observations: [],
      actions: [],
    };
    // @ts-expect-error -- the list of refusals is closed, and may be empty, but is there
    definePlugin({ ...spec, connect });
    // @ts-expect-error -- what connect returns is a subject
    definePlugin({ ...spec, refusals: {}, connect: () => ({ close: () => {} }) });
  });

  it('changing what planning has frozen', () => {
    const plan = {} as Plan;
    // @ts-expect-error -- a plan is immutable
    plan.action = 'other';
    // @ts-expect-error -- and so are its requests
    plan.requests[0].path = '/other';
    // @ts-expect-error -- a plan has at least one request
    const requests: Plan['requests'] = [];
    expectTypeOf(requests).not.toBeAny();
  });
});
