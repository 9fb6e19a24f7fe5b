import type { JsonSchema } from './json.ts';
import type { ParamDef } from './param-def.ts';
import type { View } from './view.ts';

/** An observation as plain JSON. */
export interface ObservationDefinition {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, ParamDef>>;
  /** JSON Schema of the parameters as a caller gives them. */
  readonly parametersSchema: JsonSchema;
  readonly view?: View;
}
