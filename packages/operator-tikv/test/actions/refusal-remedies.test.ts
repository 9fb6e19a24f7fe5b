import { isJsonObject, toRemedy, validateParameters } from 'operator-core';
import type { JsonObject, NextOperation } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { refusals, toRefusal } from '../../src/actions/checks/refusals.ts';
import type { RefusalCode } from '../../src/actions/checks/refusals.ts';
import plugin from '../../src/index.ts';

const FACTS = { regionId: 9, storeId: '4' };
const CODES = Object.keys(refusals) as RefusalCode[];

function parametersOf({ parameters }: NextOperation): JsonObject {
  return isJsonObject(parameters) ? parameters : {};
}

describe('an operation that the remedy of a refusal names', () => {
  it.each(CODES)('is one that the plugin has, with parameters that it takes: %s', async (code) => {
    for (const one of toRemedy(toRefusal(code, 'x', FACTS).remedy).next) {
      if (one.operation === 'doctor') continue;
      const name = one['action'] ?? one['observation'];
      const all = one.operation === 'observe' ? plugin.observations : plugin.actions;
      const found = all.find((definition) => definition.name === name);
      const given = Object.entries(parametersOf(one)).filter(([, value]) => value !== null);
      expect(found?.name).toBe(name);
      if (given.length < Object.keys(parametersOf(one)).length || found === undefined) continue;
      const checked = await validateParameters(found.parameters, Object.fromEntries(given));
      expect(checked).toMatchObject({ ok: true });
    }
  });

  it('names the region and the store of the facts, and leaves open what is not known', () => {
    const next = (code: RefusalCode, facts: JsonObject) =>
      toRemedy(toRefusal(code, 'x', facts).remedy).next.map(parametersOf);
    expect(next('OPERATOR_RUNNING', FACTS)).toEqual([{ region_id: 9 }]);
    expect(next('DRAIN_EXISTS', FACTS)).toEqual([{ store_id: '4' }, { store_id: '4' }]);
    expect(next('OPERATOR_RUNNING', {})).toEqual([{ region_id: null }]);
  });
});
