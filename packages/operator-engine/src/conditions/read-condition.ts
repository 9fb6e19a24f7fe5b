import { OperatorError } from 'operator-core';
import type { GateContext } from '../subject/gate-context.ts';
import { observeSubject } from '../subject/observe-subject.ts';
import type { Condition } from './condition.ts';
import type { ConditionReading } from '../ledger/run-condition.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import { resolveCondition } from './resolve-condition.ts';

/** Reads a condition once. What cannot be read is a reading that does not tell; only an interrupt rejects. */
export async function readCondition(
  context: GateContext,
  condition: Condition,
  signal: AbortSignal | undefined,
): Promise<ConditionReading> {
  try {
    const { value } = await observeSubject(context, condition, signal);
    return evaluateCondition(condition, value);
  } catch (error) {
    if (!OperatorError.isInstance(error) || error.kind === 'interrupted') throw error;
    return { holds: null, summary: error.message };
  }
}

/** Reads a recorded condition once. One that the plugin does not know any more does not tell either. */
export async function readConditionText(
  context: GateContext,
  text: string,
  signal: AbortSignal | undefined,
): Promise<ConditionReading> {
  try {
    const condition = await resolveCondition(context, text, signal);
    return await readCondition(context, condition, signal);
  } catch (error) {
    if (!OperatorError.isInstance(error) || error.kind === 'interrupted') throw error;
    return { holds: null, summary: error.message };
  }
}
