import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { digestPlan } from 'operator-core';
import type { JsonValue, Plan } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { lampPlan } from './examples.ts';

type Content = Omit<Plan, 'digest'>;

/** The same document with the keys of every object in another order. */
function shuffled<Value>(value: Value, seed: number): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed)) as Value;
  const weight = (key: string) => createHash('sha1').update(`${seed} ${key}`).digest('hex');
  const entries = Object.entries(value).toSorted(([one], [other]) =>
    weight(one) < weight(other) ? -1 : 1,
  );
  return Object.fromEntries(entries.map(([key, item]) => [key, shuffled(item, seed)])) as Value;
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const deeper = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return [path, ...deeper];
}

/** The document with another value in one place; `undefined` takes the place away. */
function changed(value: unknown, path: Path, to: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to(value);
  const copy: Record<string | number, unknown> = structuredClone(value) as never;
  const next = changed(copy[key], rest, to);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return Array.isArray(value) ? Object.values(copy) : copy;
}

const inner = pathsOf(lampPlan).filter((path) => path.length > 0);
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

describe('digestPlan', () => {
  const digest = digestPlan(lampPlan);

  it('is pinned: plans made by an older host keep their digest', () => {
    expect(digest).toBe('sha256:9b4043a42a21d11b986ae33bbcebc38123ea6fed35fb86571fedb67ee3970bda');
  });

  it('is the same for every order of keys, at every depth', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(digestPlan(shuffled(lampPlan, seed))).toBe(digest);
      }),
    );
  });

  it('does not look at the digest that a plan already carries', () => {
    expect(digestPlan({ ...lampPlan, digest: 'sha256:0' } as Content)).toBe(digest);
  });

  it('is the same after a trip through a file', () => {
    expect(digestPlan(JSON.parse(JSON.stringify(lampPlan, null, 2)) as Content)).toBe(digest);
  });

  it.each(inner.map((path) => [path.join('.'), path] as const))(
    'is another one when %s changes or goes',
    (_, path) => {
      const altered = changed(lampPlan, path, (old) => (old === 'other' ? 'one' : 'other'));
      expect(digestPlan(altered as Content)).not.toBe(digest);
      expect(digestPlan(changed(lampPlan, path, () => undefined) as Content)).not.toBe(digest);
    },
  );

  it('is another one for any other JSON in any place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...inner), json, (path, value) => {
        const altered = changed(lampPlan, path, () => value);
        fc.pre(JSON.stringify(altered) !== JSON.stringify(lampPlan));
        expect(digestPlan(altered as Content)).not.toBe(digest);
      }),
    );
  });

  it('is another one for a number that differs in its last bit, and for text that only looks the same', () => {
    const withValue = (value: JsonValue) =>
      digestPlan({ ...lampPlan, parameters: { ...lampPlan.parameters, value } });
    expect(withValue(0.1 + 0.2)).not.toBe(withValue(0.3));
    expect(withValue('é')).not.toBe(withValue('e\u0301'));
    expect(withValue('1')).not.toBe(withValue(1));
    expect(withValue(null)).not.toBe(withValue(false));
    expect(withValue([1, 2])).not.toBe(withValue([2, 1]));
  });

  it('is another one for one member more', () => {
    fc.assert(
      fc.property(fc.string(), json, (key, value) => {
        fc.pre(!(key in lampPlan.parameters));
        const parameters = Object.fromEntries([
          ...Object.entries(lampPlan.parameters),
          [key, value],
        ]);
        expect(digestPlan({ ...lampPlan, parameters })).not.toBe(digest);
      }),
    );
  });

  it('refuses a plan that is not JSON', () => {
    expect(() => digestPlan({ ...lampPlan, deadlineMs: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'VALUE_NOT_JSON' }),
    );
  });
});
