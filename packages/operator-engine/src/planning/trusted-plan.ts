import { digestPlan, isJsonObject } from 'operator-core';
import type { Plan } from 'operator-core';
import { deepFreeze } from './deep-freeze.ts';
import type { PlanReading } from './plan-reading.ts';

/** Origin of a trusted plan. */
export interface PlanSource {
  /** `document`: a digest is no signature, so that such a plan is made again before it is carried out. */
  readonly from: 'planning' | 'document' | 'ledger';
  /** Digest of the document that the plan stands for: its own, unless it was made again from one. */
  readonly document: string;
  /** Its reading; absent when this process must read again before it sends the plan. */
  readonly reading?: PlanReading | null | undefined;
}

const SOURCE: unique symbol = Symbol('source of a plan');

/**
 * A plan that this process made, or whose digest it has checked; frozen since, so that it needs no other check. A copy of
 * it is an ordinary plan again.
 */
export type TrustedPlan = Plan & { readonly [SOURCE]: PlanSource };

/** True for a plan that needs no check. */
export function isTrusted(plan: unknown): plan is TrustedPlan {
  return isJsonObject(plan) && Object.hasOwn(plan, SOURCE);
}

/** Makes a trusted plan of new content. `document`: digest of the document that it is made again from. */
export function sealPlan(
  content: Omit<Plan, 'digest'>,
  { document, reading }: { document?: string | undefined; reading?: PlanSource['reading'] } = {},
): TrustedPlan {
  const { format, ...rest } = content;
  const digest = digestPlan(content);
  const source = { from: 'planning', document: document ?? digest, reading } as const;
  return mark({ format, digest, ...rest }, source);
}

/** Digest of a plan from outside that is not the expected one; `unreadable`: it has none. */
export interface Untrusted {
  readonly actual: string;
}

/** The one way for a plan from outside to become a trusted one: its content must have the digest. */
export function trustPlan(
  plan: Plan,
  { digest, ...source }: PlanSource & { readonly digest: string },
): TrustedPlan | Untrusted {
  const actual = digestOf(plan);
  return actual === digest && plan.digest === digest ? mark({ ...plan }, source) : { actual };
}

/** True when this process made the plan, or the ledger has kept it since it was made. */
export function isMadeHere(plan: TrustedPlan): boolean {
  return plan[SOURCE].from !== 'document';
}

/** The reading by which this process may send the plan without another, while it is no older than `mostMs`; else `null`. */
export function freshReading(plan: TrustedPlan, mostMs: number): PlanReading | null {
  const { reading } = plan[SOURCE];
  if (reading === undefined || reading === null) return null;
  return performance.now() - reading.startedAt < mostMs ? reading : null;
}

/** The digest of the document that a plan stands for. */
export function documentOf(plan: TrustedPlan): string {
  return plan[SOURCE].document;
}

function digestOf(plan: Plan): string {
  try {
    return digestPlan(plan);
  } catch {
    return 'unreadable';
  }
}

function mark(plan: Plan, source: PlanSource): TrustedPlan {
  // Not enumerable: neither a copy nor a document has it.
  const marked = Object.defineProperty(plan, SOURCE, { value: Object.freeze(source) });
  if (!isTrusted(marked)) throw new Error('the source of a plan was not set');
  return deepFreeze(marked);
}
