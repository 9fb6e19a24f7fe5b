import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatCommand } from '../../src/arguments/format-command.ts';
import { readParameters, toParameterFlags } from '../../src/arguments/read-parameters.ts';
import { interpret } from '../../src/arguments/interpret.ts';
import { tokenize } from '../../src/arguments/tokenize.ts';
import type { ParamDefs } from '../../src/arguments/read-parameters.ts';

const DEFINITIONS: ParamDefs = {
  region_id: { type: 'integer', description: 'a', required: true },
  to_store: { type: 'string', description: 'b', required: true },
  force: { type: 'boolean', description: 'c', required: false },
  tags: { type: 'array', description: 'd', required: false, schema: { items: { type: 'string' } } },
  extra: { type: 'object', description: 'e', required: false, schema: { type: 'object' } },
  token: { type: 'string', description: 'f', required: false, secret: true },
};

it('writes a command line as a user would type it', () => {
  const typed = { command: 'run', name: 'move', definition: { parameters: DEFINITIONS } };
  expect(
    formatCommand({
      ...typed,
      parameters: { region_id: 2, to_store: '4', force: false, tags: ['a b'], token: 'hush' },
      rest: ['--yes'],
    }),
  ).toBe(
    `operator run move --region-id 2 --to-store 4 --no-force --tags '["a b"]' --params - --yes`,
  );
});

it('law: a shell and our own parser read back exactly the parameters', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0'));
  const parameters = fc.record({
    region_id: fc.maxSafeInteger(),
    to_store: text,
    force: fc.boolean(),
    tags: fc.array(text, { maxLength: 3 }),
    extra: fc.dictionary(fc.constantFrom('a', 'b'), text),
  });
  fc.assert(
    fc.property(parameters, (given) => {
      const line = formatCommand({
        command: 'run',
        name: 'move',
        parameters: given,
        definition: { parameters: DEFINITIONS },
      });
      const program = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
      const words: string[] = JSON.parse(
        execFileSync('sh', ['-c', line.replace('operator', `"$NODE" -e '${program}' -- `)], {
          encoding: 'utf8',
          env: { ...process.env, NODE: process.execPath },
        }),
      );
      const scanned = interpret(tokenize(words.slice(2)), toParameterFlags(DEFINITIONS));
      const read = readParameters(DEFINITIONS, scanned, null);
      expect(read.problems).toEqual([]);
      expect(read.parameters).toEqual(given);
    }),
    { numRuns: 15 },
  );
});
