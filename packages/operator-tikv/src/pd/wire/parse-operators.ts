import type { JsonReader } from './json-reader.ts';
import {
  parseOperatorRecordText,
  parseOperatorStateText,
  parseOperatorText,
} from './operator-text.ts';
import type { PDOperator, PDOperatorRecord, PDOperatorState } from './pd-operator.ts';

/** Reads `GET /operators`. */
export function parseOperators(body: JsonReader): readonly PDOperator[] {
  return body.list().map((item) => read(item, parseOperatorText(item.text())));
}

/** Reads `GET /operators/{region id}`. */
export function parseOperatorState(body: JsonReader): PDOperatorState {
  return read(body, parseOperatorStateText(body.text()));
}

/** Reads `GET /operators/records`. */
export function parseOperatorRecords(body: JsonReader): readonly PDOperatorRecord[] {
  return body.list().map((item) => read(item, parseOperatorRecordText(item.text())));
}

function read<Value>(body: JsonReader, value: Value | null): Value {
  return value ?? body.fail('the text of an operator');
}
