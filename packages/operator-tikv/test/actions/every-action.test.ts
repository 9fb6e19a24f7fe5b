import { expect, test } from 'vitest';
import { changes } from '../../src/actions/index.ts';
import { findChange, readBody, toRequest } from '../../src/actions/pd-change.ts';
import { isRefusal } from '../../src/pd/http/change-words.ts';
import { SAMPLES } from './action-samples.ts';

/** Each action with the request of its sample. */
function requests() {
  return changes.flatMap(({ name, change }) => {
    const sample = SAMPLES.find(({ action }) => action === name);
    return sample === undefined
      ? []
      : [{ name, change, request: toRequest(change, sample.parameters) }];
  });
}

test('every action has a sample, so that the tests of all actions include it', () => {
  const sampled = SAMPLES.map(({ action }) => action);
  const missing = changes.map(({ name }) => name).filter((name) => !sampled.includes(name));
  expect(missing, 'give each of them a row in test/actions/action-samples.ts').toEqual([]);
});

test('every request is found as that of its own action, so that its refusals and copies are known', () => {
  const all = changes.map(({ change }) => change);
  const mistaken = requests().filter(({ change, request }) => findChange(all, request) !== change);
  const names = mistaken.map(({ name }) => name);
  expect(names, 'their route and kind fit the request of another action').toEqual([]);
});

test("every action asks by a path of which PD's words are known, so that a plain no is not unknown", () => {
  const unknown = requests().filter(
    ({ request }) => !isRefusal({ ...request, origin: '' }, 'invalid syntax'),
  );
  const names = unknown.map(({ name }) => name);
  expect(names, 'give their path its words in src/pd/http/change-words.ts').toEqual([]);
});

test('every action that makes an operator names it and its region, so that a first copy of it is found', () => {
  const unnamed = requests().filter(({ change, request }) => {
    if (change.route !== 'POST /operators') return false;
    const body = readBody(request);
    return change.toOperator === undefined || typeof body['region_id'] !== 'number';
  });
  const names = unnamed.map(({ name }) => name);
  expect(names, 'define them by defineRegionAction').toEqual([]);
});
