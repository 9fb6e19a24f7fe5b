import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject, LAMP_PLUGIN, runInProcess } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';

const house = useHouse();

async function inEmptyFolder<Result>(use: (directory: string) => Promise<Result>): Promise<Result> {
  const project = createProject();
  try {
    return await use(project.directory);
  } finally {
    project.remove();
  }
}

describe('operator init', () => {
  it("writes a configuration with the keys of the plugin's schema that works at once", async () => {
    await inEmptyFolder(async (cwd) => {
      const argv = [
        'init',
        '--plugin',
        LAMP_PLUGIN,
        '--subject',
        'home',
        '--house-url',
        house.lamps.url,
      ];
      const { exitCode, stdout } = await runInProcess(
        [...argv, '--rooms', 'hall', '--rooms', 'attic'],
        { cwd },
      );
      expect(exitCode).toBe(0);
      expect(stdout).toContain(join(cwd, 'operator.config.yaml'));
      expect(readFileSync(join(cwd, 'operator.config.yaml'), 'utf8')).toBe(
        [
          '# The systems and how to reach them. `operator doctor` checks this file.',
          '# ${NAME} and ${NAME:-default} read the environment: keep secrets there.',
          'subjects:',
          '  home:',
          `    plugin: ${LAMP_PLUGIN}`,
          '    config:',
          '      # URL of the lamp server',
          `      houseUrl: "${house.lamps.url}"`,
          '      # Only these rooms',
          '      rooms: ["hall","attic"]',
          '      # File with the key of the lamp server',
          '      # tokenFile: name',
          '',
        ].join('\n'),
      );
      const { exitCode: found } = await runInProcess(['observe', 'lamps'], { cwd });
      expect(found).toBe(0);
    });
  });

  it('writes JSON where the name of the file says so', async () => {
    await inEmptyFolder(async (cwd) => {
      const argv = [
        'init',
        '--plugin',
        LAMP_PLUGIN,
        '--house-url',
        house.lamps.url,
        '--config',
        'operator.config.json',
      ];
      expect((await runInProcess(argv, { cwd })).exitCode).toBe(0);
      expect(JSON.parse(readFileSync(join(cwd, 'operator.config.json'), 'utf8'))).toEqual({
        subjects: { main: { plugin: LAMP_PLUGIN, config: { houseUrl: house.lamps.url } } },
      });
    });
  });

  it('asks on a terminal for missing values, and asks again after an invalid answer', async () => {
    await inEmptyFolder(async (cwd) => {
      const { exitCode, stderr } = await runInProcess(['init'], {
        cwd,
        isTTY: true,
        stdin: `${LAMP_PLUGIN}\n\n`,
      });
      expect(exitCode).toBe(0);
      expect(stderr).toContain('Plugin (package name, or a path that begins with ./): ');
      expect(stderr).toContain('houseUrl – URL of the lamp server [http://127.0.0.1:80]: ');
      expect(readFileSync(join(cwd, 'operator.config.yaml'), 'utf8')).toContain(
        'houseUrl: "http://127.0.0.1:80"',
      );
    });
  });

  it('never overwrites, and ends with 3', async () => {
    for (const name of ['operator.config.yaml', 'operator.config.json']) {
      const project = createProject({ [name]: 'mine' });
      const argv = ['init', '--plugin', LAMP_PLUGIN, '--house-url', house.lamps.url];
      const { exitCode, stderr } = await runInProcess(argv, { cwd: project.directory });
      expect(exitCode).toBe(3);
      expect(stderr).toContain('CONFIG_EXISTS');
      expect(readdirSync(project.directory)).toEqual([name]);
      expect(readFileSync(join(project.directory, name), 'utf8')).toBe('mine');
      project.remove();
    }
  });

  it('without a terminal names all missing flags and writes nothing', async () => {
    await inEmptyFolder(async (cwd) => {
      const { exitCode, stderr } = await runInProcess(['init'], { cwd });
      expect(exitCode).toBe(2);
      expect(stderr).toContain('--plugin PACKAGE');
      const bad = ['init', '--plugin', LAMP_PLUGIN, '--subject', '1 2', '--roms', 'x'];
      const second = await runInProcess(bad, { cwd });
      expect(second.exitCode).toBe(2);
      expect(second.stderr).toContain('--house-url is missing: URL of the lamp server.');
      expect(second.stderr).toContain('There is no flag --roms; did you mean --rooms?');
      expect(second.stderr).toContain('--subject must be');
      expect(existsSync(join(cwd, 'operator.config.yaml'))).toBe(false);
    });
  });

  it('shows the keys of a plugin in its help', async () => {
    await inEmptyFolder(async (cwd) => {
      const { exitCode, stdout } = await runInProcess(['init', '--plugin', LAMP_PLUGIN, '--help'], {
        cwd,
      });
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/--house-url TEXT +URL of the lamp server/u);
    });
  });

  it('names the command that installs a plugin that is not there, and ends with 4', async () => {
    await inEmptyFolder(async (cwd) => {
      const { exitCode, stderr } = await runInProcess(
        ['init', '--plugin', 'operator-subject-nowhere'],
        { cwd },
      );
      expect(exitCode).toBe(4);
      expect(stderr).toContain('PLUGIN_NOT_FOUND');
      expect(stderr).toContain('install operator-subject-nowhere');
    });
  });

  it('says where it could not write', async () => {
    await inEmptyFolder(async (cwd) => {
      const argv = [
        'init',
        '--plugin',
        LAMP_PLUGIN,
        '--house-url',
        house.lamps.url,
        '--config',
        'no/such/folder.yaml',
      ];
      const { exitCode, stderr } = await runInProcess(argv, { cwd });
      expect(exitCode).toBe(3);
      expect(stderr).toContain('CONFIG_NOT_WRITTEN');
    });
  });
});
