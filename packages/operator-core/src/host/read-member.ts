import { isJsonObject } from '../json/json.ts';
import { isUnknown } from '../contract/unknown-value.ts';

/** The member of a row that a column's key names; dots go deeper. `undefined` where there is none. */
export function readMember(row: unknown, key: string): unknown {
  if (isJsonObject(row) && Object.hasOwn(row, key)) return row[key];
  let value = row;
  for (const part of key.split('.')) {
    // An unknown on the way makes everything below it unknown.
    if (isUnknown(value)) return value;
    if (!isJsonObject(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
