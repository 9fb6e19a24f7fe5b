import type { ActionHints } from './action-hints.ts';
import type { JsonSchema } from '../json/json.ts';
import type { ParamDef } from './param-def.ts';
import type { RiskLevel } from './risk-level.ts';

/** An action as plain JSON: what leaves the process, for command lines, agents and documentation. */
export interface ActionDefinition {
  /** snake_case, unique in its source. */
  readonly name: string;
  /** One sentence, imperative. Never empty. */
  readonly description: string;
  /** Parameters by name, in the schema's order. */
  readonly parameters: Readonly<Record<string, ParamDef>>;
  /** JSON Schema of the parameters as a caller gives them. */
  readonly parametersSchema: JsonSchema;
  /** The least risk of its plans: what one of them touches may raise it. */
  readonly riskLevel: RiskLevel;
  /** True when a person must consent even if no policy requires it. */
  readonly requiresApproval: boolean;
  /** With the defaults filled in. */
  readonly hints: Required<ActionHints>;
}
