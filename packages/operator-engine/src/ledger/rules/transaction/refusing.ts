import type { OperatorError } from 'operator-core';
import type { Transaction, Transactions, WriteOptions } from './transaction.ts';

/** Result of a body: a value, or an error that is thrown after the transaction is committed. */
export type OrRefused<Value> = { readonly value: Value } | { readonly refused: OperatorError };

/** A transaction whose refusals are written down before they are thrown. */
export async function refusing<Value>(
  transactions: Transactions,
  body: (transaction: Transaction) => Promise<OrRefused<Value>>,
  options?: WriteOptions,
): Promise<Value> {
  const result = await transactions.write(body, options);
  if ('refused' in result) throw result.refused;
  return result.value;
}
