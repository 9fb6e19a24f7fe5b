import { toParameterFlags } from '../arguments/read-parameters.ts';
import type { Described } from '../arguments/described.ts';
import type { Look } from './output.ts';
import { printableLine } from './printable.ts';
import { formatTable } from './table.ts';

/** Actions or observations as a table. */
export function formatCatalog(definitions: readonly Described[], look: Look): readonly string[] {
  if (definitions.length === 0) return ['none'];
  const hasRisk = definitions.some((definition) => 'riskLevel' in definition);
  const titles = ['Name', ...(hasRisk ? ['Risk'] : []), 'What it does', 'Parameters'];
  const rows = definitions.map((definition) => [
    definition.name,
    ...('riskLevel' in definition ? [formatRisk(definition)] : []),
    printableLine(definition.description),
    formatParameterFlags(definition),
  ]);
  return formatTable({ columns: titles.map((title) => ({ title })), rows }, look);
}

function formatRisk({
  riskLevel,
  requiresApproval,
}: Extract<Described, { riskLevel: unknown }>): string {
  return requiresApproval ? `${riskLevel}, needs approval` : riskLevel;
}

function formatParameterFlags({ parameters }: Described): string {
  const flags = toParameterFlags(parameters).map(({ name, value, parameter }) => {
    // A switch that is on by default is only useful turned off.
    const flag = parameter.default === true ? `--no-${name}` : `--${name}`;
    const typed = value === undefined ? flag : `${flag} ${value}`;
    return parameter.required ? typed : `[${typed}]`;
  });
  return flags.join(' ') || 'none';
}
