import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describeActions, describeObservations } from 'operator-core';
import type { ParamDef } from 'operator-core';
import { startTikvSim } from 'operator-tikv-sim';
import { describe, expect, it } from 'vitest';
import { actions, configSchema, observations } from '../src/index.ts';
import { closeLater } from './observations/open-cluster.ts';

const run = promisify(execFile);
const README = await readFile(new URL('../README.md', import.meta.url), 'utf8');

interface Property {
  readonly type: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}

/** The cells of the table under a heading of the README, without its head. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const section = README.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function configRows(schema: Property, prefix = ''): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix + name;
    if (property.properties !== undefined) return configRows(property, `${path}.`);
    const notes = [
      ...(prefix === '' && schema.required?.includes(name) === true ? ['required'] : []),
      ...(property.default === undefined ? [] : [`default ${JSON.stringify(property.default)}`]),
      ...(property.secret === true ? ['secret'] : []),
    ];
    return [[`\`${path}\``, property.type, property.description ?? '', notes.join(', ')]];
  });
}

function parameterList(parameters: Readonly<Record<string, ParamDef>>): string {
  return Object.entries(parameters)
    .map(([name, { required }]) => `\`${name}\`${required ? '' : '?'}`)
    .join(', ');
}

describe('the README', () => {
  it('lists the configuration as the schema has it', () => {
    const json = configSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
    const schema = JSON.parse(JSON.stringify(json)) as Property;
    expect(tableUnder('Configuration')).toEqual(configRows(schema));
  });

  it('lists the observations as they are defined', () => {
    const rows = describeObservations(observations).map((one) => [
      `\`${one.name}\``,
      parameterList(one.parameters),
      one.description,
    ]);
    expect(tableUnder('Observations')).toEqual(rows);
  });

  it('lists the actions as they are defined', () => {
    const rows = describeActions(actions).map((one) => [
      `\`${one.name}\``,
      parameterList(one.parameters),
      one.riskLevel,
      one.description,
    ]);
    expect(tableUnder('Actions')).toEqual(rows);
  });

  it('has lines that run', async () => {
    const sim = await startTikvSim({ time: 'real' });
    closeLater(() => sim.stop());
    const [, example = ''] = /```js\n([\s\S]*?)```/u.exec(README) ?? [];
    const script = example
      .replace('http://127.0.0.1:2379', sim.endpoints[0] ?? '')
      .replace('regionId: 2', `regionId: ${sim.model.regions()[0]?.id}`);
    expect(script.trim().split('\n').length).toBeLessThanOrEqual(20);
    const { stdout, stderr } = await run(
      process.execPath,
      ['--conditions=@operator/source', '--input-type=module', '--eval', script],
      { cwd: new URL('..', import.meta.url) },
    );
    expect(stderr).toBe('');
    expect(stdout).toContain(sim.clusterId);
    expect(stdout).toContain('The operator is created.');
  });
});
