import { ERROR_KINDS } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES, exitCodeOf } from '../../src/errors/exit-code.ts';
import { LAMP_PLUGIN } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';

const house = useHouse();

describe('exit codes', () => {
  it('are pinned', () => {
    expect(EXIT_CODES).toEqual({
      done: 0,
      bug: 1,
      usage: 2,
      config: 3,
      plugin: 4,
      refused: 5,
      needs_approval: 6,
      stale: 7,
      failed: 8,
      unverified: 9,
      unreachable: 10,
      partly_done: 11,
      interrupted: 130,
    });
  });

  it('follow from the kind of the error alone', () => {
    for (const kind of ERROR_KINDS) expect(exitCodeOf({ kind })).toBe(EXIT_CODES[kind]);
    expect(exitCodeOf(null)).toBe(0);
  });

  it('3: no configuration, or one with mistakes, each with its line', async () => {
    const missing = await house.operator(['actions', '--config', 'nowhere.yaml']);
    expect(missing.exitCode).toBe(3);
    expect(missing.stderr).toContain('CONFIG_NOT_FOUND');
    house.project.write('bad.yaml', 'subjects:\n  home:\n    plugin: 3\n    colour: red\n');
    const bad = await house.operator(['actions', '--config', 'bad.yaml']);
    expect(bad.exitCode).toBe(3);
    expect(bad.stderr).toContain('bad.yaml:3:5');
    expect(bad.stderr).toContain('bad.yaml:4');
  });

  it('3: a configuration that the plugin does not take', async () => {
    house.project.write(
      'wrong.yaml',
      `subjects:\n  home:\n    plugin: ${LAMP_PLUGIN}\n    config:\n      houseUrl: 7\n`,
    );
    const { exitCode, stderr } = await house.operator(['actions', '--config', 'wrong.yaml']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('wrong.yaml:5');
  });

  it('4: a plugin that is missing, throws, or is invalid', async () => {
    house.project.write('throws.mjs', "throw new Error('broken glass');");
    house.project.write('none.mjs', 'export const nothing = 1;');
    const codes: string[] = [];
    for (const plugin of ['./gone.mjs', './throws.mjs', './none.mjs']) {
      house.project.write('p.yaml', `subjects:\n  home:\n    plugin: ${plugin}\n`);
      const { exitCode, stderr } = await house.operator(['actions', '--config', 'p.yaml']);
      expect(exitCode).toBe(4);
      expect(stderr).not.toMatch(/^ +at /mu);
      codes.push(/PLUGIN_\w+/u.exec(stderr)?.[0] ?? stderr);
    }
    expect(codes).toEqual(['PLUGIN_NOT_FOUND', 'PLUGIN_IMPORT_FAILED', 'PLUGIN_INVALID']);
  });

  it('1: prints an unexpected error as one line, and its stack only with --trace', async () => {
    // A stream that throws stands for an unexpected error.
    const broken = {
      onStdout: (): never => {
        throw new TypeError('two\nlines');
      },
    };
    const { exitCode, stderr } = await house.operator(['actions'], broken);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Error: INTERNAL_ERROR\n  TypeError: two\n');
    expect(stderr).not.toMatch(/^ +at /mu);
    const traced = await house.operator(['actions', '--trace'], broken);
    expect(traced.stderr).toMatch(/^ +at /mu);
  });

  it('130: interrupted before anything was sent', async () => {
    const { exitCode, stderr } = await house.operator(['plan', 'switch_lamp', '--lamp-id', '1'], {
      signal: AbortSignal.abort(),
    });
    expect(exitCode).toBe(130);
    expect(stderr).toContain('Nothing was sent.');
  });
});

describe('operator doctor', () => {
  it('reports problems as findings with remedies, and ends with the code of the first', async () => {
    await house.lamps.stop();
    const { exitCode, stdout } = await house.operator(['doctor']);
    expect(exitCode).toBe(10);
    expect(stdout).toContain('failed   house');
    expect(stdout).toContain('→ Call an electrician.');
    expect(stdout).toContain('5 checks: 1 failed, 0 with a warning, 0 unknown.');
  });

  it('looks at every subject, also when one cannot be loaded', async () => {
    house.project.write(
      'two.yaml',
      `subjects:\n  lost:\n    plugin: ./gone.mjs\n  home:\n    plugin: ${LAMP_PLUGIN}\n    config:\n      houseUrl: ${house.lamps.url}\n`,
    );
    const both = await house.operator(['doctor', '--config', 'two.yaml']);
    expect(both.exitCode).toBe(4);
    expect(both.stdout).toContain('PLUGIN_NOT_FOUND');
    expect(both.stdout).toContain('It answers, version 3.1.');
    const one = await house.operator(['doctor', '--config', 'two.yaml', '--subject', 'home']);
    expect(one.exitCode).toBe(0);
    expect(one.stdout).not.toContain('lost');
  });

  it('finds a configuration that is not there', async () => {
    const { exitCode, stdout } = await house.operator(['doctor', '--config', 'nowhere.yaml']);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('CONFIG_NOT_FOUND');
  });
});

describe('the subject', () => {
  it('is chosen by flag, else by OPERATOR_SUBJECT, else it must be the only one', async () => {
    const entry = (name: string) =>
      `  ${name}:\n    plugin: ${LAMP_PLUGIN}\n    config:\n      houseUrl: ${house.lamps.url}\n`;
    house.project.write('operator.config.yaml', `subjects:\n${entry('red')}${entry('blue')}`);
    const plan = ['plan', 'switch_lamp', '--lamp-id', '1'];
    const none = await house.operator(plan);
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain('SUBJECT_AMBIGUOUS');
    expect(none.stderr).toContain('Choose one of red, blue: `--subject NAME`, or OPERATOR_SUBJECT');
    const document = JSON.parse((await house.operator([...plan, '--output', 'json'])).stdout);
    expect(document.error.next).toEqual([{ operation: 'choose_subject', subject: null }]);
    const env = { OPERATOR_SUBJECT: 'blue' };
    const byEnvironment = await house.operator(plan, { env });
    expect(byEnvironment.stdout).toContain('blue (plugin lamps)');
    expect(byEnvironment.stderr).toContain('operator run switch_lamp --lamp-id 1 --subject blue');
    const byFlag = await house.operator([...plan, '--subject', 'red'], { env });
    expect(byFlag.stdout).toContain('red (plugin lamps)');
    expect((await house.operator(['subjects'], { env })).stdout).toContain('blue *');
    const listed = await house.operator(['subjects', '--subject', 'red', '--output', 'json']);
    expect(JSON.parse(listed.stdout).subjects).toMatchObject([{ name: 'red' }]);
    const unknown = await house.operator(['subjects', '--subject', 'rad']);
    expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unknown.stderr).toContain('red');
  });
});
