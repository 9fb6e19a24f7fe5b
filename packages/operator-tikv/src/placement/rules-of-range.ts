import type { PDRegion, PDRule, PDRuleGroup } from '../pd/index.ts';

/** Looks up the rules that apply to a whole region; none when the region crosses the border of a rule. */
export type RuleLookup = (range: Pick<PDRegion, 'startKey' | 'endKey'>) => readonly PDRule[];

interface RuledRange {
  readonly startKey: string;
  readonly rules: readonly PDRule[];
}

/** Makes a lookup of rules by range, as PD builds it (pd `buildRuleList`). Its cost for a region does not grow with regions. */
export function createRuleLookup(groups: readonly PDRuleGroup[]): RuleLookup {
  const rules = groups.flatMap((group) => group.rules);
  const borders = new Set(rules.flatMap(({ startKey, endKey }) => [startKey, endKey]));
  const ranges = [...borders.add('')]
    .toSorted()
    .map((startKey): RuledRange => ({ startKey, rules: rulesAt(groups, startKey) }));
  return ({ startKey, endKey }) => {
    const index = ranges.findLastIndex((range) => range.startKey <= startKey);
    const next = ranges[index + 1];
    const isInside = next === undefined || (endKey !== '' && endKey <= next.startKey);
    return isInside ? (ranges[index]?.rules ?? []) : [];
  };
}

/** The rules in force at a key: one that overrides takes the place of those before it. */
function rulesAt(groups: readonly PDRuleGroup[], key: string): readonly PDRule[] {
  let applying: readonly PDRule[] = [];
  for (const { override, rules } of groups) {
    const here = rules.filter((rule) => contains(rule, key));
    if (here.length === 0) continue;
    const kept = here.slice(
      Math.max(
        0,
        here.findLastIndex((rule) => rule.override),
      ),
    );
    applying = override ? kept : [...applying, ...kept];
  }
  return applying;
}

function contains({ startKey, endKey }: PDRule, key: string): boolean {
  return startKey <= key && (endKey === '' || key < endKey);
}
