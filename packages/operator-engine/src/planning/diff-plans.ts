import { canonicalJson } from 'operator-core';
import type { Fact, JsonValue, Plan } from 'operator-core';

/** A difference between two plans for the same action. A side without it is absent. */
export interface PlanChange {
  readonly what:
    | 'summary'
    | 'fact'
    | 'effect'
    | 'request'
    | 'resource'
    | 'impact'
    | 'risk'
    | 'warning'
    | 'inverse'
    | 'context';
  /** Name of the fact, resource, or number of the request. */
  readonly name: string;
  readonly before?: JsonValue;
  readonly now?: JsonValue;
}

type Named = ReadonlyMap<string, JsonValue>;

/** Changes to show to a person who approved one plan and is asked about another. */
export function diffPlans(before: Plan, now: Plan): readonly PlanChange[] {
  const compare = (what: PlanChange['what'], of: (plan: Plan) => Named): readonly PlanChange[] =>
    differences(of(before), of(now)).map((change) => ({ what, ...change }));
  return [
    ...compare('summary', ({ summary }) => new Map([['summary', summary]])),
    ...compare('risk', ({ riskLevel }) => new Map([['risk', riskLevel]])),
    ...compare('fact', ({ evidence }) => factsOf([...evidence.bound, ...evidence.shown])),
    ...compare('effect', ({ effects }) =>
      keyed(effects, ({ resource, description }) => `${resource}: ${description}`),
    ),
    ...compare('impact', ({ impact }) => keyed(impact, ({ name }) => name)),
    ...compare('request', ({ requests }) => keyed(requests, (_, index) => `request ${index + 1}`)),
    ...compare('resource', ({ resources }) => keyed(resources, ({ resource }) => resource)),
    ...compare('warning', ({ warnings }) => new Map(warnings.map((text) => [text, text]))),
    ...compare('inverse', ({ inverse }) => new Map([['inverse', toJson(inverse)]])),
    ...compare('context', ({ context = {} }) => new Map(Object.entries(context))),
  ];
}

function differences(before: Named, now: Named): Omit<PlanChange, 'what'>[] {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].flatMap((name) => {
    const [was, is] = [before.get(name), now.get(name)];
    if (was !== undefined && is !== undefined && canonicalJson(was) === canonicalJson(is))
      return [];
    return [
      {
        name,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { now: is }),
      },
    ];
  });
}

function factsOf(facts: readonly Fact[]): Named {
  return keyed(
    facts.map(({ name, value }) => ({ name, value })),
    ({ name }) => name,
    ({ value }) => value,
  );
}

function keyed<Item>(
  items: readonly Item[],
  keyOf: (item: Item, index: number) => string,
  valueOf: (item: Item) => unknown = (item) => item,
): Named {
  return new Map(items.map((item, index) => [keyOf(item, index), toJson(valueOf(item))]));
}

/** Members of a plan are JSON by contract. */
function toJson(value: unknown): JsonValue {
  return value as JsonValue;
}
