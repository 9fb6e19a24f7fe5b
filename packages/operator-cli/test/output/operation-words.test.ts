import { advise } from 'operator-core';
import type { NextOperation } from 'operator-core';
import { operations } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { GLOBAL_FLAGS } from '../../src/arguments/flag.ts';
import { COMMANDS } from '../../src/commands/all-commands.ts';
import { formatOperation, formatRemedy } from '../../src/output/operation-words.ts';
import { wordRemedies } from '../../src/output/word-remedies.ts';

const ID = '0123456789abcdef';
const CALLS: Readonly<Record<string, (...given: never[]) => NextOperation>> = Object.fromEntries(
  Object.entries(operations).map(([name, one]) => [
    name,
    typeof one === 'function' ? one : () => one,
  ]),
);

describe('an operation as a command line', () => {
  it.each(Object.entries(CALLS))(
    '%s is a command, or a flag, that exists',
    (_name, toOperation) => {
      const [program, first] = formatOperation(toOperation(...([ID, {}] as never[]))).split(' ');
      if (GLOBAL_FLAGS.some(({ name }) => program === `--${name}`)) return;
      expect(program).toBe('operator');
      expect(COMMANDS.map(({ name }) => name)).toContain(first);
    },
  );

  it('has the id that was given, and a placeholder for what the caller chooses', () => {
    expect(formatOperation(operations.watchRun(ID))).toBe(`operator runs watch ${ID}`);
    expect(formatOperation(operations.setMode)).toBe('operator mode set MODE --reason TEXT');
    expect(formatOperation(operations.extendLease(ID))).toBe(
      `operator lease extend ${ID} --for 1h`,
    );
    expect(formatOperation(operations.acceptRollback(7))).toBe(
      'operator ledger accept-rollback --through 7 --reason TEXT',
    );
  });

  it('that says how another one is called is flags of it', () => {
    expect(formatOperation(operations.chooseConfig)).toBe('--config FILE');
    expect(formatOperation({ operation: 'choose_subject', subject: 'prod' })).toBe(
      '--subject prod',
    );
  });

  it('that shows help is the command or the program with --help', () => {
    expect(formatOperation({ operation: 'help', command: 'runs show' })).toBe(
      'operator runs show --help',
    );
    expect(formatOperation({ operation: 'help', command: null })).toBe('operator --help');
    expect(formatOperation({ operation: 'choose_file', out: null })).toBe('--out FILE');
  });

  it('has the parameters of an action or observation as flags', () => {
    const parameters = { region_id: null, to_store: 'a b', dry: false, ids: [1, 2] };
    expect(
      formatOperation({ operation: 'plan', action: 'move', parameters, subject: 'prod' }),
    ).toBe(
      "operator plan move --region-id ID --to-store 'a b' --no-dry --ids '[1,2]' --subject prod",
    );
  });

  it('of another host keeps its own name', () => {
    expect(formatOperation({ operation: 'call_me', at: 'noon' })).toBe(
      'operator call_me --at noon',
    );
  });
});

describe('a remedy', () => {
  it('has command lines in place of the names of its operations', () => {
    const remedy = advise`Follow it with ${operations.watchRun(ID)}, or look: ${operations.doctor}.`;
    expect(formatRemedy(remedy)).toBe(
      `Follow it with \`operator runs watch ${ID}\`, or look: \`operator doctor\`.`,
    );
  });

  it('is worded anywhere in a document, and its operations stay data', () => {
    const remedy = advise`Look: ${operations.doctor}.`;
    const flat = { remedy: remedy.text, next: remedy.next };
    const worded = { remedy: 'Look: `operator doctor`.', next: [operations.doctor] };
    const document = { error: flat, list: [{ remedy }], said: { remedy: 'No.' } };
    expect(JSON.parse(JSON.stringify(document, wordRemedies))).toEqual({
      error: worded,
      list: [worded],
      said: { remedy: 'No.' },
    });
  });

  it('is left alone where a system only uses the same names for its members', () => {
    const document = { remedy: 'aspirin', next: [1, 2] };
    expect(JSON.parse(JSON.stringify(document, wordRemedies))).toEqual(document);
  });
});
