import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isHtml, readWords } from '../../src/pd/wire/pd-words.ts';
import { loadAll, VERSIONS } from './support/recordings.ts';

describe('readWords', () => {
  it.each([
    ['"The operator is created."\n', 'The operator is created.', null],
    [
      '"[PD:core:ErrStoreNotFound]store 7 not found"\n',
      '[PD:core:ErrStoreNotFound]store 7 not found',
      'PD:core:ErrStoreNotFound',
    ],
    [
      '[PD:apiutil:ErrRedirect]redirect failed\n',
      '[PD:apiutil:ErrRedirect]redirect failed',
      'PD:apiutil:ErrRedirect',
    ],
    ['404 page not found\n', '404 page not found', null],
    [
      '{\n "code":"input",\n "msg":"unexpected end of JSON input",\n "data":{"Offset":1}}\n',
      'unexpected end of JSON input',
      null,
    ],
    ['null\n', '', null],
    ['{}', '', null],
    ['', '', null],
    [
      '"\\"[PD:core:ErrPauseLeaderTransfer]store 4 is paused for leader transfer\\"\\n"\n',
      '[PD:core:ErrPauseLeaderTransfer]store 4 is paused for leader transfer',
      'PD:core:ErrPauseLeaderTransfer',
    ],
    ['"store 99 not found"\n"The scheduler is created."\n', 'store 99 not found', null],
    ['{"code":"input","msg":"bad","data":{}}\n"The scheduler is created."\n', 'bad', null],
    ['"\\"say \\\\\\"no\\\\\\"\\""', 'say "no"', null],
    [
      'PANIC: runtime error: invalid memory address\ngoroutine 1045 [running]:\n',
      'PANIC: runtime error: invalid memory address',
      null,
    ],
    ['"3"', '3', null],
    [
      '"cannot add peer store_id:1 : already have peer id:60 store_id:1 "',
      'cannot add peer store_id:1 : already have peer id:60 store_id:1',
      null,
    ],
  ])('%j says %j', (body, text, pdCode) => {
    expect(readWords(body)).toStrictEqual({ text, pdCode });
  });

  it('keeps control characters of a hostile server off the terminal', () => {
    expect(readWords('"\\u001b[31mred\\u0007\\u202e"').text).toBe('[31mred');
  });

  it('cuts a text that is too long to read', () => {
    expect(readWords(`"${'x'.repeat(100_000)}"`).text).toHaveLength(1001);
  });

  it('is total', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => {
        const { text, pdCode } = readWords(body);
        expect(typeof text).toBe('string');
        expect(pdCode === null || text.startsWith(`[${pdCode}]`)).toBe(true);
      }),
    );
  });

  it('finds the same words however often PD encoded them', () => {
    const sentence = fc
      .stringMatching(/^[a-z][a-z :.,'0-9-]{0,60}[a-z0-9]$/u)
      .filter((text) => text !== 'null');
    fc.assert(
      fc.property(sentence, fc.integer({ min: 0, max: 3 }), (text, times) => {
        let body = text;
        for (let time = 0; time < times; time += 1) body = `${JSON.stringify(body)}\n`;
        expect(readWords(body).text).toBe(text.trim());
      }),
    );
  });

  it.each(VERSIONS)('finds words in every recorded refusal of %s', (version) => {
    const refusals = loadAll(version).filter(({ response }) => response.status >= 400);
    expect(refusals.length).toBeGreaterThan(60);
    for (const { name, response } of refusals) {
      const { text } = readWords(response.body);
      const isSilent = ['', 'null'].includes(response.body.trim());
      expect([name, text !== '', /^["{]|\\n/u.test(text)]).toStrictEqual([name, !isSilent, false]);
    }
  });
});

describe('isHtml', () => {
  it.each([
    ['<!DOCTYPE html><html></html>', true],
    ['\n <html lang="en">', true],
    ['<a href="/pd/api/v1/stores">Moved Permanently</a>.\n\n', true],
    ['"<not html>"', false],
    ['PANIC: <nil>', false],
    ['', false],
  ])('%j: %s', (body, expected) => {
    expect(isHtml(body)).toBe(expected);
  });
});
