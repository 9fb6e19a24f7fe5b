import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';
import { FROM_SOURCE, PROGRAM, start, untilEnd } from '../support/process.ts';

const house = useHouse();
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const { version }: { version: string } = JSON.parse(
  readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
);

const [, , bin = ''] = PROGRAM;

describe('the built program', () => {
  const built = async (...argv: string[]) =>
    untilEnd(start(argv, { cwd: house.project.directory, command: PROGRAM }));

  it('says its version, and nothing else', async () => {
    expect(await built('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('does everything without anything beside it', async () => {
    expect((await built('actions')).stdout).toContain('switch_lamp');
    const observed = await built('observe', 'lamps');
    expect(observed.stdout).toContain('1.5 KiB');
    // Nor does V8 complain about what it was told to do without.
    expect(observed.stderr).toBe('');
    const run = await built('run', 'switch_lamp', '--lamp-id', '1', '--yes');
    expect(run.stdout).toContain('Done and proven');
    expect(run.exitCode).toBe(0);
    expect((await built('runs')).stdout).toMatch(/succeeded +home +Switch lamp 1 on\./u);
    const audit = await built('audit', 'verify');
    expect(audit).toMatchObject({ exitCode: 0, stderr: '' });
    const refused = await built('plan', 'switch_lamp', '--lamp-id', '9', '--output', 'json');
    expect(refused.exitCode).toBe(5);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'LAMP_UNKNOWN' } });
    const traced = await built('plan', 'switch_lamp', '--lamp-id', '3', '--trace');
    expect(traced.stderr).toContain(`> GET ${house.lamps.url}/lamps`);
  });

  it('reports configuration mistakes with their lines, as the sources do', async () => {
    house.project.write('bad.yaml', 'subjects:\n  home:\n    plugin: [\n');
    const argv = ['actions', '--config', 'bad.yaml'];
    const fromSource = await untilEnd(
      start(argv, { cwd: house.project.directory, command: FROM_SOURCE }),
    );
    expect(fromSource.exitCode).toBe(3);
    expect(await built(...argv)).toEqual(fromSource);
  });

  it('can be called through a link, as package managers install it', async () => {
    symlinkSync(bin, join(house.project.directory, 'operator'));
    const command = [process.execPath, join(house.project.directory, 'operator')];
    const ended = await untilEnd(start(['--version'], { cwd: house.project.directory, command }));
    expect(ended.stdout).toBe(`${version}\n`);
  });

  it('carries the licenses of what is bundled', () => {
    const licenses = readFileSync(join(dirname(bin), 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['canonicalize', 'undici', 'yaml', 'zod']) {
      expect(licenses).toMatch(new RegExp(`^${name} \\d`, 'mu'));
    }
  });
});

describe('on a Node that is too old', () => {
  const SENTENCE = /^operator needs Node 22\.19 or newer, and this is Node [\d.]+\.\n$/u;

  it.each(['18.20.8', '20.19.5', '22.18.0'])('%s: one line and 2, whatever is asked', (old) => {
    const fake = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${old}' } });`;
    const preload = `data:text/javascript,${encodeURIComponent(fake)}`;
    for (const argv of [['--version'], ['run', 'x'], []]) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', preload, bin, ...argv],
        { encoding: 'utf8' },
      );
      expect(stderr).toMatch(SENTENCE);
      expect(stderr).toContain(old);
      expect(stdout).toBe('');
      expect(status).toBe(2);
    }
  });

  const systemNode = ['/usr/local/bin/node', '/usr/bin/node'].find((path) => {
    const found = existsSync(path) ? spawnSync(path, ['--version'], { encoding: 'utf8' }) : null;
    const major = Number(/^v(\d+)/u.exec(found?.stdout ?? '')?.[1] ?? 99);
    return major < 22;
  });

  it.runIf(systemNode !== undefined)('a real one that is at hand says the same', () => {
    const { status, stderr } = spawnSync(String(systemNode), [bin, 'run'], { encoding: 'utf8' });
    expect(stderr).toMatch(SENTENCE);
    expect(status).toBe(2);
  });

  it('can be read to its end by any Node that has modules', () => {
    const text = readFileSync(bin, 'utf8');
    expect(text).not.toMatch(/^import|\?\.|\?\?|\bawait\b/mu);
  });
});
