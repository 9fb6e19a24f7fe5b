import { canonicalJson } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';

/** The first member in which a proof differs from the ledger, as a phrase; `null` for none. */
export function describeDifference(ledger: JsonObject, proof: JsonObject): string | null {
  const names = [...new Set([...Object.keys(ledger), ...Object.keys(proof)])].toSorted();
  const name = names.find((one) => toText(ledger[one]) !== toText(proof[one]));
  if (name === undefined) return null;
  return `${name} is ${toText(ledger[name])} in the ledger and ${toText(proof[name])} in the proof`;
}

function toText(value: JsonValue | undefined): string {
  return value === undefined ? 'missing' : canonicalJson(value);
}
