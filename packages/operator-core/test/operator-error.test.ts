import { mkdtempSync, cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { advise, OperatorError } from 'operator-core';
import { afterAll, describe, expect, it } from 'vitest';

const options = {
  code: 'LAMP_DARK',
  kind: 'failed',
  message: 'Lamp 1 stayed dark.',
  remedy: 'Look at the bulb.',
  facts: { lamp: 1 },
} as const;

describe('OperatorError', () => {
  it('keeps what it was made of, and the error underneath', () => {
    const cause = new Error('socket hang up');
    const error = new OperatorError({ ...options, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ ...options, name: 'OperatorError', retryable: false, cause });
    expect(error.stack).toContain('operator-error.test.ts');
    expect(new OperatorError({ ...options, retryable: true }).retryable).toBe(true);
  });

  it('has no cause where none was given, and no facts', () => {
    const { facts, ...few } = options;
    const error = new OperatorError(few);
    expect('cause' in error).toBe(false);
    expect(error.facts).toEqual({});
  });

  it('is a document as JSON, without stack and cause', () => {
    const error = new OperatorError({ ...options, cause: new Error('secret') });
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: { ...options, next: [], retryable: false },
    });
  });

  it('keeps the operations that its remedy names, as data beside the text', () => {
    const look = { operation: 'observe', observation: 'lamps' };
    const error = new OperatorError({ ...options, remedy: advise`List the lamps: ${look}.` });
    expect(error.remedy).toBe('List the lamps: `observe lamps`.');
    expect(error.next).toEqual([look]);
    expect(error.toJSON()).toMatchObject({ remedy: error.remedy, next: [look] });
    expect(OperatorError.with(error, { message: 'Dark.' }).next).toEqual([look]);
    expect(OperatorError.with(error, { remedy: 'Wait.' }).next).toEqual([]);
  });

  it('takes other values for some fields, and keeps the rest and the first cause', () => {
    const cause = new Error('socket hang up');
    const first = new OperatorError({ ...options, cause, retryable: true });
    const changed = OperatorError.with(first, { message: 'Dark.', facts: { lamp: 2 } });
    const expected = { ...options, message: 'Dark.', facts: { lamp: 2 }, retryable: true, cause };
    expect(changed).toMatchObject(expected);
    expect(first.message).toBe(options.message);
  });

  it('is the cause of the changed error where it has none, unless none is wanted', () => {
    const first = new OperatorError(options);
    expect(OperatorError.with(first, { message: 'Dark.' }).cause).toBe(first);
    expect('cause' in OperatorError.with(first, { cause: undefined })).toBe(false);
  });

  it.each([undefined, null, 1, 'LAMP_DARK', {}, options, new Error('LAMP_DARK'), () => 1])(
    'is not an instance: %s',
    (value) => {
      expect(OperatorError.isInstance(value)).toBe(false);
    },
  );
});

describe('two copies of the package', () => {
  // A copy inside the package, so that its dependencies are found as an installed copy would find its own.
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder = mkdtempSync(path.join(root, 'node_modules', '.copy-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('recognise the errors of each other', async () => {
    cpSync(path.join(root, 'src'), path.join(folder, 'src'), { recursive: true });
    const url = pathToFileURL(path.join(folder, 'src', 'index.ts')).href;
    const copy = (await import(/* @vite-ignore */ url)) as { OperatorError: typeof OperatorError };
    expect(copy.OperatorError).not.toBe(OperatorError);
    const theirs = new copy.OperatorError(options);
    expect(theirs).not.toBeInstanceOf(OperatorError);
    expect(OperatorError.isInstance(theirs)).toBe(true);
    expect(copy.OperatorError.isInstance(new OperatorError(options))).toBe(true);
  });
});
