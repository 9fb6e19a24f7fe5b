import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESERVED_PARAMETER_NAMES } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { COMMAND_FLAGS, GLOBAL_FLAGS, listFlagNames } from '../../src/arguments/flag.ts';
import { COMMANDS } from '../../src/commands/all-commands.ts';
import { EXIT_CODES } from '../../src/errors/exit-code.ts';
import { textWidth } from '../../src/output/text-width.ts';
import { createExampleRuns, EXAMPLE_POLICY } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';

const house = useHouse();
const NAMES = COMMANDS.map(({ name }) => name);
const SUBCOMMANDS = COMMANDS.flatMap(({ commands = [] }) => commands.map(({ name }) => name));

describe('help', () => {
  it.each(NAMES)(
    'of %s is there with --help, -h and help, with and without a configuration',
    async (name) => {
      const [first, ...others] = await Promise.all([
        house.operator([name, '--help']),
        house.operator([name, '-h']),
        house.operator(['help', name]),
      ]);
      expect(first?.exitCode).toBe(0);
      expect(first?.stdout).toContain(`Usage: operator ${name}`);
      expect(first?.stderr).toBe('');
      for (const other of others) expect(other).toEqual(first);
      const cwd = mkdtempSync(join(tmpdir(), 'operator-cli-'));
      const bare = await house.operator([name, '--help'], { cwd });
      expect(bare.exitCode).toBe(0);
      expect(bare.stdout).toContain(`Usage: operator ${name}`);
    },
  );

  it.each(SUBCOMMANDS)('of %s is there, in both orders', async (name) => {
    const words = name.split(' ');
    const page = await house.operator([...words, '--help']);
    expect(page.exitCode).toBe(0);
    expect(page.stdout).toContain(`Usage: operator ${name}`);
    expect(await house.operator(['help', ...words])).toEqual(page);
    const [group = ''] = words;
    const { stdout } = await house.operator([group, '--help']);
    expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'mu'));
  });

  it('of the program names every command and every exit code', async () => {
    const { stdout } = await house.operator(['--help']);
    for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'mu'));
    expect(stdout).toContain('130');
  });

  it('of an action lists its parameters, what they allow and who they are', async () => {
    const { stdout } = await house.operator(['run', 'switch_lamp', '--help']);
    expect(stdout).toContain('Usage: operator run switch_lamp --lamp-id INTEGER [flags]');
    expect(stdout).toMatch(/--lamp-id INTEGER +Which lamp \(required, at least 1, at most 99\)/u);
    expect(stdout).toMatch(/--on, --no-on +Whether it shall shine \(default true\)/u);
    expect(await house.operator(['actions', 'switch_lamp'])).toMatchObject({ stdout });
  });

  it('explains the command where the action cannot be loaded, and gives the reason', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'operator-cli-'));
    const { exitCode, stdout, stderr } = await house.operator(['run', 'switch_lamp', '--help'], {
      cwd,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Usage: operator run ACTION');
    expect(stderr).toContain(
      'The parameters of switch_lamp cannot be shown: There is no operator.config',
    );
    expect(await house.operator(['run', 'swich', '--help'])).toMatchObject({ exitCode: 2 });
  });

  it('lists the names when an argument needs a name', async () => {
    const { stdout } = await house.operator(['run', '--help']);
    expect(stdout).toMatch(/^ {2}switch_lamp +Switch a lamp on or off$/mu);
  });

  it('has examples that work as they stand', async () => {
    const pages = await Promise.all(
      [
        ['--help'],
        ...NAMES.map((name) => [name, '--help']),
        ...SUBCOMMANDS.map((name) => [...name.split(' '), '--help']),
        ...['plan', 'run', 'verify'].map((name) => [name, 'switch_lamp', '--help']),
        ['observe', 'lamp', '--help'],
      ].map(async (argv) => (await house.operator(argv)).stdout),
    );
    const examples = pages.flatMap((page) =>
      (page.split('Examples\n')[1] ?? '').split('\n').map((line) => line.split('  #')[0]?.trim()),
    );
    const lines = [...new Set(examples.filter((line) => line !== undefined && line !== ''))];
    expect(lines.length).toBeGreaterThan(40);
    house.project.write('policy.yaml', EXAMPLE_POLICY);
    const config = readFileSync(join(house.project.directory, 'operator.config.yaml'), 'utf8');
    house.project.write('operator.config.yaml', `policy: ./policy.yaml\n${config}`);
    const runs = await createExampleRuns(house);
    for (const line of lines) {
      const words = runs.fill(String(line)).match(/'[^']*'|\S+/gu) ?? [];
      const argv = words.slice(1).map((word) => word.replaceAll("'", ''));
      // `watch` stays until it is told to go.
      const controller = new AbortController();
      const isEndless = argv[0] === 'watch';
      const { exitCode } = await house.operator(argv, {
        signal: controller.signal,
        ...(isEndless ? { onStdout: () => controller.abort() } : {}),
      });
      // 6: asked for confirmation; 9: looked, and it is not so. `init` finds the configuration there.
      const allowed = line === 'operator init' ? [2] : [0, 6, 9];
      expect(allowed, `${line}`).toContain(exitCode);
    }
  });

  it('fits a narrow terminal', async () => {
    const { stdout } = await house.operator(['run', 'switch_lamp', '--help', '--no-color'], {
      isTTY: true,
      columns: 60,
    });
    const sections = stdout.split('Examples')[0] ?? '';
    for (const line of sections.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(72);
  });
});

describe('colour', () => {
  const colored = async (settings: object, ...flags: string[]) => {
    const { stdout } = await house.operator(['actions', ...flags], settings);
    return stdout.includes('\u001B[');
  };

  it('is only for terminals, never with NO_COLOR, and the flags decide', async () => {
    expect(await colored({})).toBe(false);
    expect(await colored({ isTTY: true })).toBe(true);
    expect(await colored({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await colored({ isTTY: true, env: { NO_COLOR: '' } })).toBe(true);
    expect(await colored({ isTTY: true, env: { TERM: 'dumb' } })).toBe(false);
    expect(await colored({ isTTY: true }, '--no-color')).toBe(false);
    expect(await colored({ env: { NO_COLOR: '1' } }, '--color')).toBe(true);
  });
});

it('the help of the whole program lists every exit code, and no other', async () => {
  const { stdout } = await house.operator(['--help']);
  const [, section = ''] = /^Exit codes\n((?: .*\n)+)/mu.exec(stdout) ?? [];
  const listed = [...section.matchAll(/^ {2}((?:\d+ )+)/gmu)].flatMap(([, codes = '']) =>
    codes.trim().split(' ').map(Number),
  );
  expect(listed).toEqual(Object.values(EXIT_CODES).toSorted((one, other) => one - other));
});

describe('flags of ours', () => {
  it('and no others are reserved: no parameter can be called like one', () => {
    const ours = listFlagNames([...GLOBAL_FLAGS, ...Object.values(COMMAND_FLAGS)]);
    const names = new Set(ours.map((name) => name.replaceAll('-', '_')));
    expect(new Set<string>(RESERVED_PARAMETER_NAMES)).toEqual(names);
  });
});
