import type { JsonSchema } from '../json/json.ts';
import type { Paging } from './paging.ts';
import type { ParamDef } from './param-def.ts';
import type { View } from './view.ts';

/** An observation as plain JSON. */
export interface ObservationDefinition {
  /** snake_case, unique in its plugin. */
  readonly name: string;
  /** One sentence. Never empty. */
  readonly description: string;
  /** Parameters by name, in the schema's order. */
  readonly parameters: Readonly<Record<string, ParamDef>>;
  /** JSON Schema of the parameters as a caller gives them. */
  readonly parametersSchema: JsonSchema;
  /** JSON Schema of the value. Left out: any plain JSON. */
  readonly resultSchema?: JsonSchema;
  /** Left out: the value is whole. */
  readonly pages?: Paging;
  /** Left out: people see the whole value. */
  readonly view?: View;
}
