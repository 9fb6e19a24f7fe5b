import type { Config } from '../cluster/config.ts';
import { PdRefusal } from '../cluster/refusal.ts';
import { textOf } from '../../text/json-value.ts';
import type { Rule } from './rule.ts';

/** The rules' order and reach as a group. */
export interface RuleGroup {
  readonly index: number;
  /** Disables the rules of all groups before it. */
  readonly override: boolean;
}

const DEFAULT_GROUP = 'pd';
const DEFAULT_ID = 'default';
const PLAIN: RuleGroup = { index: 0, override: false };

/** The label that a property concerns. */
export interface PropertyLabel {
  readonly key: string;
  readonly value: string;
}

/** PD's placement rules, their groups, and the properties that labels give to stores. */
export class RuleBook {
  readonly #config: Config;
  readonly #groups = new Map<string, RuleGroup>();
  readonly #properties = new Map<string, PropertyLabel[]>();
  #rules: readonly Rule[] = [];
  /** True while the default rule follows the replication section. */
  #hasDefault = true;

  constructor(config: Config) {
    this.#config = config;
  }

  isEnabled(): boolean {
    return this.#config.replication.get('enable-placement-rules') === 'true';
  }

  /** True when an administrator has made rules: the replication section then changes none. */
  hasOwnRules(): boolean {
    return this.#rules.length > 0;
  }

  /** All rules in the order in which they apply. */
  all(): readonly Rule[] {
    const rules = this.#hasDefault ? [this.#defaultRule(), ...this.#rules] : this.#rules;
    return rules.toSorted((one, other) => this.#compare(one, other));
  }

  rule(groupId: string, id: string): Rule | undefined {
    return this.all().find((rule) => rule.groupId === groupId && rule.id === id);
  }

  /** The rules that apply to a whole range; none where the range crosses the border of a rule. */
  rulesFor(range: { readonly startKey: string; readonly endKey: string }): readonly Rule[] {
    if (!this.isEnabled() || (this.#hasDefault && this.#rules.length === 0))
      return [this.#defaultRule()];
    const start = range.startKey.toUpperCase();
    const borders = this.#borders().filter((border) => border > start);
    const end = borders.toSorted()[0];
    const isInside = end === undefined || (range.endKey !== '' && range.endKey <= end);
    return isInside ? this.#applying(start) : [];
  }

  /** Adds or replaces rules. Throws PD's refusal where a range would have no rule. */
  set(rules: readonly Rule[]): void {
    const kept = this.#rules.filter(
      (rule) => !rules.some((added) => added.groupId === rule.groupId && added.id === rule.id),
    );
    this.#commit([...kept, ...rules], this.#hasDefault && !rules.some(isDefault));
  }

  /** Removes a rule; an unknown one changes nothing. */
  delete(groupId: string, id: string): void {
    const kept = this.#rules.filter((rule) => rule.groupId !== groupId || rule.id !== id);
    const isGone = groupId === DEFAULT_GROUP && id === DEFAULT_ID;
    this.#commit(kept, this.#hasDefault && !isGone);
  }

  group(id: string): RuleGroup {
    return this.#groups.get(id) ?? PLAIN;
  }

  setGroup(id: string, group: RuleGroup): void {
    this.#groups.set(id, group);
  }

  properties(): ReadonlyMap<string, readonly PropertyLabel[]> {
    return this.#properties;
  }

  setProperty(type: string, label: PropertyLabel): void {
    this.deleteProperty(type, label);
    this.#properties.set(type, [...(this.#properties.get(type) ?? []), label]);
  }

  deleteProperty(type: string, { key, value }: PropertyLabel): void {
    const kept = (this.#properties.get(type) ?? []).filter(
      (label) => label.key !== key || label.value !== value,
    );
    if (kept.length === 0) this.#properties.delete(type);
    else this.#properties.set(type, kept);
  }

  #commit(rules: readonly Rule[], hasDefault: boolean): void {
    const before = [this.#rules, this.#hasDefault] as const;
    [this.#rules, this.#hasDefault] = [rules, hasDefault];
    const problem = this.#problem();
    if (problem === undefined) return;
    [this.#rules, this.#hasDefault] = before;
    throw new PdRefusal(500, `[PD:placement:ErrBuildRuleList]build rule list failed, ${problem}`);
  }

  #problem(): string | undefined {
    if (this.all().length === 0) return 'no rule left';
    const borders = ['', ...this.#borders().toSorted()];
    for (const [index, start] of borders.entries()) {
      const range = `for range {${start}, ${borders[index + 1] ?? ''}}`;
      const rules = this.#applying(start);
      if (rules.length === 0) return `no rule ${range}`;
      if (!rules.some(({ role }) => role === 'leader' || role === 'voter'))
        return `needs at least one leader or voter ${range}`;
    }
    return undefined;
  }

  #borders(): readonly string[] {
    const keys = this.all().flatMap((rule) => [rule.startKey, rule.endKey]);
    return [...new Set(keys.map((key) => key.toUpperCase()))].filter((key) => key !== '');
  }

  /** The rules in force at a key: one that overrides takes the place of those before it. */
  #applying(key: string): readonly Rule[] {
    let done: readonly Rule[] = [];
    let group: readonly Rule[] = [];
    for (const rule of this.all().filter((each) => contains(each, key))) {
      if (group[0] !== undefined && group[0].groupId !== rule.groupId) {
        done = this.group(rule.groupId).override ? [] : [...done, ...group];
        group = [];
      }
      group = rule.override ? [rule] : [...group, rule];
    }
    return [...done, ...group];
  }

  #defaultRule(): Rule {
    const text = (key: string): string => textOf(this.#config.replication.get(key));
    return {
      groupId: DEFAULT_GROUP,
      id: DEFAULT_ID,
      index: 0,
      override: false,
      startKey: '',
      endKey: '',
      role: 'voter',
      isWitness: false,
      count: this.#config.maxReplicas(),
      constraints: [],
      locationLabels: text('location-labels').split(',').filter(Boolean),
      isolationLevel: text('isolation-level'),
    };
  }

  #compare(one: Rule, other: Rule): number {
    return (
      this.group(one.groupId).index - this.group(other.groupId).index ||
      compareText(one.groupId, other.groupId) ||
      one.index - other.index ||
      compareText(one.id, other.id)
    );
  }
}

function isDefault(rule: Rule): boolean {
  return rule.groupId === DEFAULT_GROUP && rule.id === DEFAULT_ID;
}

function contains(rule: Rule, key: string): boolean {
  return (
    rule.startKey.toUpperCase() <= key && (rule.endKey === '' || rule.endKey.toUpperCase() > key)
  );
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
