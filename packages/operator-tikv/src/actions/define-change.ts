import type { Action, AnyParametersSchema, InferParameters } from 'operator-core';
import { defineAction } from '../contract/define.ts';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import type { PDChange } from './pd-change.ts';

/** An action, and the change of PD that it asks for. */
export type TiKVAction<Schema extends AnyParametersSchema = AnyParametersSchema> = Action<
  Schema,
  TiKVReads
> & { readonly change: PDChange<InferParameters<Schema>> };

/** Defines an action with the change that it asks PD for. */
export function defineChange<Schema extends AnyParametersSchema>({
  change,
  ...action
}: TiKVAction<Schema>): TiKVAction<Schema> {
  return Object.freeze({ ...defineAction(action), change });
}

/** The action without the members that the contract does not know. */
export function toContractAction({
  change: _change,
  ...action
}: TiKVAction): Action<AnyParametersSchema, TiKVReads> {
  return Object.freeze(action);
}
