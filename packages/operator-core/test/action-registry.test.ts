import { ActionRegistry, describeActions } from 'operator-core';
import type { ActionDefinition } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { definitionWith, sourceOf, switchLamp } from './examples.ts';

function issuesOf(definitions: readonly ActionDefinition[]): unknown {
  try {
    new ActionRegistry(sourceOf(definitions)).getDefinitions();
  } catch (error) {
    return (error as { facts: { issues: unknown } }).facts.issues;
  }
  return [];
}

describe('ActionRegistry', () => {
  const two = [definitionWith({ name: 'switch_lamp' }), definitionWith({ name: 'break_lamp' })];

  it('gives definitions and names in the order of the source', () => {
    const registry = new ActionRegistry(sourceOf(two));
    expect(registry.listActionNames()).toEqual(['switch_lamp', 'break_lamp']);
    expect(registry.getDefinitions()).toEqual(two);
    expect(registry.getDefinition('break_lamp')).toBe(two[1]);
  });

  it.each(['nothing', '', '__proto__', 'constructor', 'toString'])(
    'has no definition of %j',
    (name) => {
      expect(new ActionRegistry(sourceOf(two)).getDefinition(name)).toBeUndefined();
    },
  );

  it('takes what describeActions gives', () => {
    const definitions = describeActions([switchLamp]);
    expect(issuesOf(definitions)).toEqual([]);
  });

  it('does not ask the source before it is asked, then once, and again after clearCache', () => {
    let asked = 0;
    const registry = new ActionRegistry({
      getActionDefinitions: () => {
        asked += 1;
        return asked === 1 ? two : two.slice(1);
      },
    });
    expect(asked).toBe(0);
    registry.getDefinitions();
    registry.getDefinition('switch_lamp');
    expect(registry.listActionNames()).toHaveLength(2);
    expect(asked).toBe(1);
    registry.clearCache();
    expect(registry.listActionNames()).toEqual(['break_lamp']);
    expect(asked).toBe(2);
  });

  it('cannot be changed through the lists that it gave', () => {
    const registry = new ActionRegistry(sourceOf(two));
    (registry.getDefinitions() as ActionDefinition[]).pop();
    (registry.listActionNames() as string[]).pop();
    expect(registry.listActionNames()).toHaveLength(2);
  });

  it('refuses with PLUGIN_INVALID, naming everything at once', () => {
    const parameters = {
      lamp_id: { type: 'integer', description: ' ', required: true },
      colour: { type: 'string', description: '', required: false },
    } as const;
    const wrong = [
      definitionWith({ name: 'switch_lamp', description: '' }),
      definitionWith({ name: 'switch_lamp', parameters }),
      definitionWith({ name: 'break_lamp', parametersSchema: {} }),
      definitionWith({ name: 'Break-Lamp' }),
      definitionWith({ name: 'break_lamp' }),
    ];
    expect(issuesOf(wrong)).toEqual([
      'action switch_lamp: has no description',
      'action switch_lamp: parameter lamp_id has no description',
      'action switch_lamp: parameter colour has no description',
      'action break_lamp: the schema is not one of an object',
      'action Break-Lamp: its name is not snake_case',
      'action switch_lamp: its name is used more than once',
      'action break_lamp: its name is used more than once',
    ]);
    const registry = new ActionRegistry(sourceOf(wrong));
    for (const call of [
      () => registry.getDefinitions(),
      () => registry.getDefinition('break_lamp'),
      () => registry.listActionNames(),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'PLUGIN_INVALID', kind: 'plugin' }));
    }
  });

  it('takes nothing of the shape for granted: a source may be plain JavaScript', () => {
    const odd: unknown[] = [
      { name: 'one_lamp', parameters: { lamp_id: {}, colour: null } },
      { name: 7, description: 'Seven', parametersSchema: {} },
    ];
    expect(issuesOf(odd as ActionDefinition[])).toEqual([
      'action one_lamp: has no description',
      'action one_lamp: parameter lamp_id has no description',
      'action one_lamp: parameter colour has no description',
      'action 7: its name is not snake_case',
      'action 7: the schema is not one of an object',
    ]);
  });
});
