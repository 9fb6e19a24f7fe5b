import type {
  ActionDefinition,
  ERROR_KINDS,
  ErrorKind,
  Fact,
  JsonValue,
  OrUnknown,
  PARAM_TYPES,
  ParamDef,
  PlanDraft,
  PlanOutcome,
  Quantity,
  Unknown,
  Verification,
} from 'operator-core';
import { isUnknown, OperatorError } from 'operator-core';
import { describe, expectTypeOf, it } from 'vitest';

describe('documents', () => {
  it('are JSON: what is typed as a document can be typed as a JSON value', () => {
    expectTypeOf<Pick<Fact, 'value'>>().toExtend<{ readonly value: JsonValue | Unknown }>();
    expectTypeOf<ParamDef['default']>().toEqualTypeOf<JsonValue | undefined>();
    expectTypeOf<Record<string, undefined>>().not.toExtend<JsonValue>();
    expectTypeOf<Date>().not.toExtend<JsonValue>();
  });

  it('carry the unknown in their types', () => {
    expectTypeOf<Quantity['value']>().toEqualTypeOf<OrUnknown<number>>();
    const value = {} as OrUnknown<number>;
    if (isUnknown(value)) expectTypeOf(value).toEqualTypeOf<Unknown>();
    else expectTypeOf(value).toEqualTypeOf<number>();
  });

  it('tell outcomes apart by one member', () => {
    expectTypeOf<PlanOutcome['kind']>().toEqualTypeOf<'draft' | 'nothing_to_do' | 'refused'>();
    expectTypeOf<Extract<PlanOutcome, { kind: 'draft' }>>().toEqualTypeOf<PlanDraft>();
    expectTypeOf<Verification['state']>().toEqualTypeOf<
      'pending' | 'reached' | 'failed' | 'superseded' | 'unknown'
    >();
  });

  it('have every hint filled in, though authors may leave them out', () => {
    expectTypeOf<ActionDefinition['hints']>().toEqualTypeOf<
      Required<{ readonly idempotent?: boolean; readonly destructive?: boolean }>
    >();
  });

  it('list their words as data and as types alike', () => {
    expectTypeOf<(typeof ERROR_KINDS)[number]>().toEqualTypeOf<ErrorKind>();
    expectTypeOf<(typeof PARAM_TYPES)[number]>().toEqualTypeOf<ParamDef['type']>();
    const error: unknown = null;
    if (OperatorError.isInstance(error)) expectTypeOf(error.kind).toEqualTypeOf<ErrorKind>();
  });
});
