import { OperatorError } from 'operator-core';
import type { CallOptions, Diagnosis, Remedy } from 'operator-core';

/** The result of a read that may fail: a diagnosis reports the error instead of throwing it. */
export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      readonly message: string;
      readonly remedy: string | Remedy;
      /** True when PD answers other questions and only this one failed. */
      readonly isAnswered: boolean;
    };

/** Result of a check, without its name. */
export type Finding = Omit<Diagnosis, 'check'>;

/** Waits for a read and keeps its error. Rejects only with the reason of an aborted signal. */
export async function attempt<Value>(
  reading: Promise<Value>,
  options: CallOptions,
): Promise<Attempt<Value>> {
  try {
    return { ok: true, value: await reading };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return {
      ok: false,
      message: error instanceof Error ? error.message : String(error),
      remedy: OperatorError.isInstance(error)
        ? OperatorError.remedyOf(error)
        : 'Report this as a defect.',
      isAnswered: OperatorError.isInstance(error) && error.kind === 'failed',
    };
  }
}

/** A diagnosis of a value, or `unknown` with the reason when it could not be read. */
export function judge<Value>(
  check: string,
  reading: Attempt<Value>,
  judgeValue: (value: Value) => Finding,
): Diagnosis {
  if (reading.ok) return { check, ...judgeValue(reading.value) };
  return { check, state: 'unknown', message: reading.message, remedy: reading.remedy };
}

/** Nothing is wrong. */
export function fine(message: string): Finding {
  return { state: 'ok', message };
}

/** Something that a person should know. */
export function warning(message: string, remedy: string | Remedy): Finding {
  return { state: 'warning', message, remedy };
}

/** Something that does not work. */
export function failed(message: string, remedy: string | Remedy): Finding {
  return { state: 'failed', message, remedy };
}

/** `store 1`, or `stores 1, 2`. */
export function nameStores(storeIds: readonly (string | number)[]): string {
  return storeIds.length === 1 ? `store ${storeIds[0]}` : `stores ${storeIds.join(', ')}`;
}
