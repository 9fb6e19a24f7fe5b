import type { ActionHints } from './action-hints.ts';
import type { JsonSchema } from './json.ts';
import type { ParamDef } from './param-def.ts';
import type { RiskLevel } from './risk-level.ts';

/** An action as plain JSON: what leaves the process, for command lines, agents and documentation. */
export interface ActionDefinition {
  readonly name: string;
  readonly description: string;
  /** By name, in the schema's order. */
  readonly parameters: Readonly<Record<string, ParamDef>>;
  /** JSON Schema of the parameters as a caller gives them. */
  readonly parametersSchema: JsonSchema;
  readonly riskLevel: RiskLevel;
  readonly requiresApproval: boolean;
  readonly hints: Required<ActionHints>;
}
