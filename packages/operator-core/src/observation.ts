import type { Unit } from './fact.ts';
import type { JsonSchema } from './json.ts';
import type { ParamDef } from './param-def.ts';
import type { AnyParametersSchema, InferParameters } from './parameters-schema.ts';
import type { Subject } from './subject.ts';

/** One column of a table. */
export interface ViewColumn {
  /** Member of a row; dots go deeper: `status.leader_count`. */
  readonly key: string;
  /** Heading. */
  readonly title: string;
  readonly unit?: Unit;
}

/** How people see an observation. Documents always carry the whole value. */
export interface View {
  /** Member of the value that holds the rows, or left out when the value itself is the only row. */
  readonly rows?: string;
  /** With `rows`: columns of the table. Without: lines of a list. */
  readonly columns: readonly ViewColumn[];
}

/** What an observation's `read` is given. */
export interface ReadContext<Parameters, S> {
  readonly parameters: Parameters;
  readonly subject: S;
  readonly signal: AbortSignal;
}

/** A named, typed, read-only question, as an author writes it. */
export interface Observation<
  Schema extends AnyParametersSchema = AnyParametersSchema,
  S = Subject,
> {
  /** snake_case, unique in the plugin. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  readonly parameters: Schema;
  readonly view?: View;
  /** Answers with plain JSON. Values that could not be read are {@link Unknown}, never zero. */
  read(context: ReadContext<InferParameters<Schema>, S>): Promise<unknown>;
}

/** An observation as plain JSON. */
export interface ObservationDefinition {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, ParamDef>>;
  /** JSON Schema of the parameters as a caller gives them. */
  readonly parametersSchema: JsonSchema;
  readonly view?: View;
}
