import { isJsonValue } from '../json/json.ts';
import type { AnyParametersSchema, InferParameters } from '../contract/parameters-schema.ts';

/** One thing that is wrong with given parameters. */
export interface ParameterIssue {
  /** The member, with dots for deeper ones; empty for the whole. */
  readonly path: string;
  /** Problem, in the words of the schema. */
  readonly message: string;
}

/** The outcome of validating parameters. */
export type ValidatedParameters<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly ParameterIssue[] };

/**
 * Validates parameters against their schema: all issues at once, defaults applied, nothing coerced.
 * Total: any input at all gets an answer, and whatever the schema throws becomes an issue.
 */
export async function validateParameters<Schema extends AnyParametersSchema>(
  schema: Schema,
  input: unknown,
): Promise<ValidatedParameters<InferParameters<Schema>>> {
  if (!isJsonValue(input)) return invalid('', 'Parameters must be plain JSON');
  try {
    const result = await schema['~standard'].validate(input);
    if (result.issues === undefined) return { ok: true, value: result.value };
    return { ok: false, issues: result.issues.map(toIssue) };
  } catch (error) {
    return invalid('', `Cannot be validated: ${error instanceof Error ? error.message : 'failed'}`);
  }
}

function invalid(path: string, message: string): { ok: false; issues: readonly ParameterIssue[] } {
  return { ok: false, issues: [{ path, message }] };
}

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

function toIssue(issue: SchemaIssue): ParameterIssue {
  const keys = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  return { path: keys.map(String).join('.'), message: issue.message };
}
