import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PLAN_FORMAT } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/commands/all-commands.ts';
import { CLI_ERROR_CODES, EXIT_CODES } from '../src/index.ts';
import * as api from '../src/index.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const GUIDE = readFileSync(join(PACKAGE, '../../docs/guides/output.md'), 'utf8');
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const SOURCES = globSync('src/**/*.ts', { cwd: PACKAGE }).map((path) =>
  readFileSync(join(PACKAGE, path), 'utf8'),
);

function formatsIn(text: string): readonly string[] {
  return [...new Set(text.match(/operator\.[a-z_]+\/\d+/gu))].toSorted();
}

describe('the guide to output', () => {
  it('names every format that is written, and no other', () => {
    expect(formatsIn(GUIDE)).toEqual(formatsIn([...SOURCES, PLAN_FORMAT].join('\n')));
  });

  it('has a line for every command', () => {
    const all = COMMANDS.flatMap((command) => [command, ...(command.commands ?? [])]);
    // Some names only stand before others: `lease extend`.
    const written = (name: string) => new RegExp(`^\\| \`${name}\\b`, 'mu');
    for (const { name } of all) expect(GUIDE).toMatch(written(name));
  });
});

it.each([
  ['the guide', GUIDE],
  ['the README', README],
])('%s lists every exit code', (_name, text) => {
  const listed = [...text.matchAll(/^\| (\d+) +\| /gmu)].map(([, code]) => Number(code));
  expect(listed).toEqual(Object.values(EXIT_CODES).toSorted((one, other) => one - other));
});

it('what the package exports is pinned', () => {
  expect(Object.keys(api).toSorted()).toEqual(['CLI_ERROR_CODES', 'EXIT_CODES', 'run']);
  expect(Object.keys(CLI_ERROR_CODES)).toEqual([
    'COMMAND_LINE_INVALID',
    'CONFIRMATION_MISSING',
    'CONFIRMATION_DECLINED',
    'CONFIG_EXISTS',
    'CONFIG_NOT_WRITTEN',
    'PLAN_NOT_WRITTEN',
    'FILE_NOT_READ',
    'LEDGER_NOT_FOUND',
    'NOT_STOPPED',
    'POLICY_NOT_CONFIGURED',
    'PLUGIN_EXITED',
    'OUTPUT_NOT_WRITTEN',
    'INTERRUPTED',
    'INTERNAL_ERROR',
  ]);
});

it('the sources know no system of their own', () => {
  for (const source of SOURCES) expect(source).not.toMatch(/tikv|region|\bpd\b|store_id/iu);
});
