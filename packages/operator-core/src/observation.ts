import type { AnyParametersSchema, InferParameters } from './parameters-schema.ts';
import type { Subject } from './subject.ts';
import type { View } from './view.ts';

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
