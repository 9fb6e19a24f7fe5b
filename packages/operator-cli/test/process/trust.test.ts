import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { start, untilEnd } from '../support/process.ts';

const house = useHouse();
const STRANGER = 4_003;
const isRoot = process.getuid?.() === 0;

const type = async (argv: readonly string[], cwd = house.project.directory): Promise<Ended> =>
  untilEnd(start(argv, { cwd, env: { XDG_CONFIG_HOME: join(house.project.directory, 'xdg') } }));

/** A folder of another user whose plugin tells that it was run; its path. */
function plantConfig(): string {
  const { project } = house;
  const folder = join(project.directory, 'clone');
  mkdirSync(join(folder, 'below'), { recursive: true });
  project.write('clone/operator.config.yaml', 'subjects:\n  home: { plugin: ./plugin.mjs }\n');
  project.write(
    'clone/plugin.mjs',
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(project.directory, 'was-run'))}, '');`,
  );
  spawnSync('chown', ['-R', `${STRANGER}:${STRANGER}`, folder]);
  return folder;
}

const wasRun = (): boolean => existsSync(join(house.project.directory, 'was-run'));

it.runIf(isRoot)('root runs no code of a configuration that another user owns', async () => {
  const folder = plantConfig();
  for (const argv of [['actions'], ['actions', '--config', join(folder, 'operator.config.yaml')]]) {
    const { exitCode, stderr } = await type(argv, join(folder, 'below'));
    expect(exitCode).toBe(3);
    expect(stderr).toContain('CONFIG_NOT_TRUSTED');
    expect(stderr).toContain(`belongs to uid:${STRANGER}`);
    expect(stderr).toContain(`operator trust ${folder}`);
  }
  const doctor = await type(['doctor'], folder);
  expect(doctor.exitCode).toBe(3);
  expect(doctor.stdout).toContain('CONFIG_NOT_TRUSTED');
  expect(wasRun()).toBe(false);
});

it.runIf(isRoot)(
  'the command that is offered trusts the folder with its plugin, until it is taken back',
  async () => {
    const folder = plantConfig();
    const trusted = await type(['trust', folder]);
    expect(trusted).toMatchObject({ exitCode: 0, stdout: `Trusted: ${folder}\n` });
    expect((await type(['trust'])).stdout).toBe(`${folder}\n`);
    expect((await type(['actions'], folder)).exitCode).toBe(4);
    expect(wasRun()).toBe(true);
    expect((await type(['trust', folder, '--remove'])).exitCode).toBe(0);
    expect((await type(['actions'], folder)).stderr).toContain('CONFIG_NOT_TRUSTED');
  },
);

it.runIf(isRoot)(
  'a plugin and a policy of another user count for nothing in one’s own configuration',
  async () => {
    const { project } = house;
    plantConfig();
    project.write('operator.config.yaml', 'subjects:\n  home: { plugin: ./clone/plugin.mjs }\n');
    const plugin = await type(['actions']);
    expect(plugin.exitCode).toBe(4);
    expect(plugin.stderr).toContain('PLUGIN_NOT_TRUSTED');
    expect(wasRun()).toBe(false);
    project.write('policy.yaml', 'rules: []\n');
    project.write(
      'operator.config.yaml',
      'policy: ./policy.yaml\nsubjects:\n  home: { plugin: ./clone/plugin.mjs }\n',
    );
    chownSync(join(project.directory, 'policy.yaml'), STRANGER, STRANGER);
    const doctor = await type(['doctor']);
    expect(doctor.exitCode).toBe(3);
    expect(doctor.stdout).toContain('POLICY_NOT_TRUSTED');
    expect(doctor.stdout).toContain('PLUGIN_NOT_TRUSTED');
  },
);

it('each change of trust is recorded in the audit, if there is a ledger', async () => {
  const { directory } = house.project;
  const none = await type(['trust', directory]);
  expect(none.exitCode, none.stderr).toBe(0);
  expect(existsSync(join(directory, '.operator'))).toBe(false);
  await type(['run', 'switch_lamp', '--lamp-id', '1', '--yes']);
  await type(['trust', directory]);
  await type(['trust', directory, '--remove']);
  const { stdout } = await type(['audit', 'list', '--kind', 'path_trusted']);
  expect(stdout).toContain(`trusted: ${directory}`);
  expect(stdout).toContain(`no longer trusted: ${directory}`);
});

it('nothing is trusted that is not there, and a removal names a path', async () => {
  expect((await type(['trust', 'none'])).stderr).toContain('CONFIG_NOT_FOUND');
  expect((await type(['trust', '--remove'])).exitCode).toBe(2);
  expect((await type(['trust'])).stdout).toBe(
    'No other paths than those that only you or root can write.\n',
  );
});
