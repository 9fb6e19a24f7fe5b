import type { AnyParametersSchema, InferParameters } from './parameters-schema.ts';
import type { Paging } from './paging.ts';
import type { Subject } from './subject.ts';
import type { View } from './view.ts';

/** Argument of an observation's `read`. */
export interface ReadContext<Parameters, S> {
  /** Validated, with defaults applied. */
  readonly parameters: Parameters;
  readonly subject: S;
  /** Ends when the caller has given up or the host's time is over. */
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
  /** A strict object schema in which every member has a description. */
  readonly parameters: Schema;
  /**
   * Schema of the value: hosts describe it, conditions can be typed against it, and a value that does not fit is
   * refused. Default: any plain JSON.
   */
  readonly result?: AnyParametersSchema;
  /** Default: people see the whole value. */
  readonly view?: View;
  /** Names of rows, cursors and limit, where the value is one page of many. Default: the value is whole. */
  readonly pages?: Paging;
  /** Answers with plain JSON. Values that could not be read are {@link Unknown}, never zero. */
  read(context: ReadContext<InferParameters<Schema>, S>): Promise<unknown>;
}
