import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CLI_ERROR_CODES, EXIT_CODES } from 'operator-cli';
import { CORE_ERROR_CODES, ERROR_KINDS } from 'operator-core';
import { ENGINE_ERROR_CODES } from 'operator-engine';
import {
  PD_ERROR_CODES,
  PDError,
  PROMETHEUS_ERROR_CODES,
  refusals,
  TIKV_ERROR_CODES,
} from 'operator-tikv';
import { describe, expect, it } from 'vitest';
import { codesRaisedIn, readErrorPage } from '../src/error-pages.ts';
import { listFiles } from '../src/repository.ts';
import { ROOT } from '../src/root.ts';

const page = await readFile(path.join(ROOT, 'docs', 'errors.md'), 'utf8');
const documented = readErrorPage(page);
const sources = (await listFiles()).filter(({ path: file }) =>
  /^packages\/[^/]+\/src\/(?!ledger-suite\/)/u.test(file),
);

/** Who declares which codes, in the page's order. A code that two declare stands where it stands first. */
const DECLARED: Readonly<Record<string, readonly string[]>> = {
  'The contract (operator-core)': Object.keys(CORE_ERROR_CODES),
  'The gate (operator-engine)': Object.keys(ENGINE_ERROR_CODES),
  'The command line (operator-cli)': Object.keys(CLI_ERROR_CODES),
  'PD (operator-tikv)': PD_ERROR_CODES,
  'Prometheus (operator-tikv)': Object.keys(PROMETHEUS_ERROR_CODES),
  'The subject (operator-tikv)': Object.keys(TIKV_ERROR_CODES),
  'Refusals of the TiKV plugin': Object.keys(refusals),
};

describe('docs/errors.md', () => {
  it.each(Object.entries(DECLARED))('has every code of “%s”, and no other', (section, codes) => {
    const before = Object.keys(DECLARED).slice(0, Object.keys(DECLARED).indexOf(section));
    const elsewhere = new Set(before.flatMap((earlier) => DECLARED[earlier] ?? []));
    const own = codes.filter((code) => !elsewhere.has(code));
    const shown = documented.filter((row) => row.section === section).map(({ code }) => code);
    expect(shown.toSorted()).toEqual(own.toSorted());
  });

  it('has no section without declared codes, and no code twice', () => {
    expect(Object.keys(DECLARED)).toEqual([...new Set(documented.map(({ section }) => section))]);
    expect(new Set(documented.map(({ code }) => code)).size).toBe(documented.length);
  });

  it('says of every code what it means and what to do', () => {
    expect(documented.filter(({ meaning, remedy }) => meaning === '' || remedy === '')).toEqual([]);
  });

  it('gives every refusal the meaning that the plugin gives it', () => {
    const rows = documented.filter(({ section }) => section === 'Refusals of the TiKV plugin');
    const shown = rows.map(({ code, meaning }) => [code, meaning]);
    expect(shown).toEqual(rows.map(({ code }) => [code, refusals[code]]));
  });

  it('names the kind that the code has', () => {
    const kinds = new Map<string, string>([
      ...Object.entries({ ...ENGINE_ERROR_CODES, ...CLI_ERROR_CODES }).map(
        ([code, { kind }]) => [code, kind] as const,
      ),
      ...PD_ERROR_CODES.map((code) => [code, new PDError({ code, message: code }).kind] as const),
    ]);
    const known: readonly string[] = ERROR_KINDS;
    for (const { code, kind } of documented) {
      if (code in refusals) continue;
      expect(kind, code).toBe(kinds.get(code) ?? kind);
      expect(known, code).toContain(kind);
    }
  });

  it('has every kind with its exit code', () => {
    const { done, ...codes } = EXIT_CODES;
    const rows = [...page.matchAll(/^\| ([a-z_]+) +\| (\d+) +\|/gmu)];
    expect(Object.fromEntries(rows.map(([, kind, code]) => [kind, Number(code)]))).toEqual(codes);
    expect(done).toBe(0);
  });
});

describe('the sources', () => {
  const known = new Set(documented.map(({ code }) => code));

  it('raise no code that is not documented', () => {
    const raised = sources.flatMap(({ path: file, text }) =>
      codesRaisedIn(text).map((code) => `${file}: ${code}`),
    );
    expect(raised.length).toBeGreaterThan(50);
    expect(raised.filter((one) => !known.has(one.split(': ')[1] ?? ''))).toEqual([]);
  });

  it('raise every code that is documented', () => {
    // Where codes are declared they are raised only by a call that takes one.
    const tables = /\/([a-z]+-errors?|error-codes|refusals)\.ts$/u;
    const places = (code: string) =>
      sources.filter(({ path: file, text }) =>
        tables.test(file) ? codesRaisedIn(text).includes(code) : text.includes(`'${code}'`),
      );
    expect(documented.filter(({ code }) => places(code).length === 0)).toEqual([]);
  });
});
