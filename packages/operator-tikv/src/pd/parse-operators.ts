import { parseGoDuration } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';
import {
  parseOperatorRecordText,
  parseOperatorStateText,
  parseOperatorText,
} from './operator-text.ts';
import type { PDOperator, PDOperatorRecord, PDOperatorState } from './pd-operator.ts';
import { parseEpoch } from './pd-region.ts';

/** Reads `GET /operators?object`: objects from PD 8.1 on, before that the flag is ignored and texts come. */
export function parseOperators(body: JsonReader): readonly PDOperator[] {
  return body.items().map((item) => {
    const text = item.maybeText();
    return text === null ? parseOperatorObject(item) : read(item, parseOperatorText(text));
  });
}

/** Reads `GET /operators/{region id}`. */
export function parseOperatorState(body: JsonReader): PDOperatorState {
  return read(body, parseOperatorStateText(body.text()));
}

/** Reads `GET /operators/records`. */
export function parseOperatorRecords(body: JsonReader): readonly PDOperatorRecord[] {
  return body.items().map((item) => read(item, parseOperatorRecordText(item.text())));
}

function parseOperatorObject(body: JsonReader): PDOperator {
  const epoch = body.field('region_epoch');
  return {
    regionId: body.field('region_id').count(),
    description: body.field('desc').text(),
    brief: body.field('brief').text(''),
    epoch: epoch.isMissing ? null : parseEpoch(epoch),
    timeoutMs: parseGoDuration(body.field('timeout').text('')),
    kinds: null,
    createdAtMs: null,
    startedAtMs: null,
    currentStep: null,
    steps: [],
    sizeMiB: null,
  };
}

function read<Value>(body: JsonReader, value: Value | null): Value {
  return value ?? body.fail('the text of an operator');
}
