import type { JsonObject } from '../json/json.ts';
import { toRemedy } from './remedy.ts';
import type { NextOperation, Remedy } from './remedy.ts';

const brand: unique symbol = Symbol.for('operator.error');

/**
 * Kind of a failure. Hosts decide by kind (exit codes, HTTP statuses), people and
 * programs match by code.
 *
 * - `bug`: a defect of Operator itself
 * - `usage`: the caller named something that does not exist, or gave wrong parameters
 * - `config`: the configuration cannot be used
 * - `plugin`: a plugin cannot be loaded or broke the contract
 * - `refused`: a plan cannot be made or applied
 * - `needs_approval`: consent or confirmation is missing
 * - `stale`: the world changed between plan and apply
 * - `failed`: the system said no, or the effect is not there
 * - `partly_done`: the system accepted some requests of a plan, and a later one was not carried out
 * - `unverified`: it is not known whether the effect came
 * - `unreachable`: the system does not answer
 * - `interrupted`: the caller ended it
 */
export const ERROR_KINDS = [
  'bug',
  'usage',
  'config',
  'plugin',
  'refused',
  'needs_approval',
  'stale',
  'failed',
  'partly_done',
  'unverified',
  'unreachable',
  'interrupted',
] as const;

/** See {@link ERROR_KINDS}. */
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** Parts of an {@link OperatorError}. */
export interface OperatorErrorOptions {
  /** Stable, SCREAMING_SNAKE, owner first: `CONFIG_INVALID`, `LAMP_UNREACHABLE`. */
  readonly code: string;
  /** The sort of failure; hosts derive exit codes from it. */
  readonly kind: ErrorKind;
  /** One sentence: what failed and where. The system's own words are kept in it or in `facts`. */
  readonly message: string;
  /** One sentence: what to do next. With `advise` it names operations as data. */
  readonly remedy: string | Remedy;
  /** Facts known when it failed. Plain JSON, no secrets. Default: none. */
  readonly facts?: JsonObject;
  /** True when the same call may succeed later without a change. Default: false. */
  readonly retryable?: boolean;
  /** The error underneath, if there is one. */
  readonly cause?: unknown;
}

/** An error as a document: what `--output json` prints and what an API answers. See {@link OperatorError}. */
export interface OperatorErrorDocument {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly remedy: string;
  readonly next: readonly NextOperation[];
  readonly facts: JsonObject;
  readonly retryable: boolean;
}

/**
 * The one error class. Match it with {@link OperatorError.isInstance} and by `code`, never by
 * prototype: two copies of this package may be loaded.
 */
export class OperatorError extends Error {
  readonly [brand] = true;
  readonly code: string;
  readonly kind: ErrorKind;
  /** Advice to the caller. The operations that it names in backticks are `next`. */
  readonly remedy: string;
  readonly next: readonly NextOperation[];
  readonly facts: JsonObject;
  readonly retryable: boolean;

  constructor(options: OperatorErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OperatorError';
    this.code = options.code;
    this.kind = options.kind;
    const { text, next } = toRemedy(options.remedy);
    this.remedy = text;
    this.next = next;
    this.facts = options.facts ?? {};
    this.retryable = options.retryable ?? false;
  }

  /** True when `value` is an OperatorError of this or any other copy of the package. */
  static isInstance(value: unknown): value is OperatorError {
    return typeof value === 'object' && value !== null && brand in value && value[brand] === true;
  }

  /**
   * The same error with other values for some of its fields. Its cause is the cause of `error`, or else `error`
   * itself; `cause: undefined` leaves it without one. Static, because `error` may come from another copy of the package.
   */
  static with(error: OperatorError, changes: Partial<OperatorErrorOptions>): OperatorError {
    const { code, kind, message, facts, retryable, cause = error } = error;
    const remedy = OperatorError.remedyOf(error);
    return new OperatorError({ code, kind, message, remedy, facts, retryable, cause, ...changes });
  }

  /** The remedy of an error with its operations. Static, because an older copy of the package knows none. */
  static remedyOf({
    remedy,
    next,
  }: Pick<OperatorError, 'remedy'> & Partial<Pick<OperatorError, 'next'>>): Remedy {
    return { text: remedy, next: next ?? [] };
  }

  /** The error as plain JSON, without stack and cause. Static, because it may come from another copy of the package. */
  static toDocument(error: OperatorError): OperatorErrorDocument {
    const { code, kind, message, facts, retryable } = error;
    const { text: remedy, next } = OperatorError.remedyOf(error);
    return { code, kind, message, remedy, next, facts, retryable };
  }

  /** See {@link OperatorError.toDocument}. */
  toJSON(): OperatorErrorDocument {
    return OperatorError.toDocument(this);
  }
}
