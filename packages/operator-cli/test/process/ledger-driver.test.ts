import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Ended } from '../support/command-line.ts';
import { lampConfig } from '../support/command-line.ts';
import { useHouse } from '../support/house.ts';
import { start, untilEnd } from '../support/process.ts';

const DRIVER = new URL('../support/queued-driver.ts', import.meta.url).href;
const GUIDE = join(import.meta.dirname, '../../../../docs/guides/writing-a-ledger-driver.md');
const MODULES = join(import.meta.dirname, '../../node_modules');
const house = useHouse();

/** Installs a package whose default export is a driver, beside the configuration. */
function install(name: string, code = `export { default } from '${DRIVER}';`): void {
  const folder = join(house.project.directory, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  const manifest = { name, version: '1.0.0', type: 'module', exports: './index.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'index.js'), code);
}

function configure(ledger: string): void {
  house.project.write('operator.config.yaml', `ledger: ${ledger}\n${lampConfig(house.lamps.url)}`);
}

const operator = async (...argv: readonly string[]): Promise<Ended> =>
  untilEnd(start(argv, { cwd: house.project.directory }));

async function documentOf(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await operator(...argv, '--output', 'json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const RUN = ['run', 'switch_lamp', '--lamp-id', '1', '--on', '--yes'];

describe('a ledger whose driver is a package', () => {
  beforeEach(() => {
    install('operator-ledger-queue');
    configure('{ queue: { database: "${QUEUE:-rows.db}" }, identity: trusted }');
  });

  it('records the runs of every command, and nothing is created where SQLite would keep them', async () => {
    expect(await documentOf('doctor')).toMatchObject({ ok: true });
    expect(existsSync(join(house.project.directory, 'rows.db'))).toBe(false);
    const planned = await operator('plan', 'switch_lamp', '--lamp-id', '1', '--on');
    expect(planned).toMatchObject({ exitCode: 0 });
    expect(await operator(...RUN)).toMatchObject({ exitCode: 0 });
    const { runs } = (await documentOf('runs')) as { runs: { id: string; state: string }[] };
    expect(runs).toMatchObject([{ state: 'succeeded' }]);
    expect((await operator('runs', 'show', runs[0]?.id ?? '')).stdout).toContain('succeeded');
    expect(await documentOf('audit', 'verify')).toMatchObject({ isIntact: true });
    expect(await documentOf('ledger', 'check')).toMatchObject({
      location: 'queue:rows.db',
      isSound: true,
    });
    const { findings } = (await documentOf('doctor')) as { findings: object[] };
    const message = 'It can be written now.';
    expect(findings).toContainEqual({ subject: null, check: 'ledger', state: 'ok', message });
    expect(existsSync(join(house.project.directory, 'rows.db'))).toBe(true);
    expect(existsSync(join(house.project.directory, '.operator/ledger.db'))).toBe(false);
  });

  it('is stopped, resumed and set to a mode, and the commands name its place', async () => {
    const missing = await operator('runs');
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain('There is no ledger queue:rows.db');
    const set = await operator('mode', 'set', 'autonomous', '--reason', 'night');
    expect(set.stderr).toContain('There was no ledger: queue:rows.db is made');
    expect(await documentOf('stop', '--reason', 'smoke')).toMatchObject({
      ledger: 'queue:rows.db',
    });
    expect((await operator(...RUN)).exitCode).toBe(5);
    expect((await operator('resume', '--reason', 'no fire')).exitCode).toBe(0);
    expect(await documentOf('mode')).toMatchObject({ mode: 'autonomous', stop: null });
  });

  it('refuses what its driver does not support, with the remedy of the driver', async () => {
    await operator(...RUN);
    const { exitCode, stderr } = await operator('ledger', 'backup', 'copy.db');
    expect(stderr).toContain('LEDGER_UNSUPPORTED');
    expect(stderr).toContain('The ledger queue:rows.db cannot be copied to a file');
    expect(stderr).toContain('Use the backup of the queue server.');
    expect(exitCode).toBe(2);
  });
});

describe('a driver of the ledger that cannot be used', () => {
  it('is named with the command that installs it, and only by commands that need the ledger', async () => {
    configure('{ queue: {}, identity: trusted }');
    expect((await operator('actions')).exitCode).toBe(0);
    const { exitCode, stderr } = await operator('runs');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('PLUGIN_NOT_FOUND');
    expect(stderr).toContain('The ledger driver operator-ledger-queue is not installed');
    expect(stderr).toContain('npm install operator-ledger-queue');
    const { findings } = (await documentOf('doctor')) as { findings: { message: string }[] };
    expect(findings.map(({ message }) => message).join('\n')).toContain('PLUGIN_NOT_FOUND');
  });

  it('reports every mistake of its settings with the line, and opens nothing', async () => {
    install('operator-ledger-queue');
    configure('\n  queue:\n    databas: x.db\n    delayMs: soon\n  identity: trusted');
    const { exitCode, stderr } = await operator('runs');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/operator\.config\.yaml:3:5 ledger\.queue/u);
    expect(stderr).toMatch(/operator\.config\.yaml:4:\d+ ledger\.queue\.delayMs/u);
    expect(stderr).toContain('databas');
  });

  it('may come from a package with any name, or from a file', async () => {
    install('@house/rows');
    configure('{ queue: { database: rows.db }, package: "@house/rows", identity: trusted }');
    expect((await operator(...RUN)).exitCode).toBe(0);
    configure(
      '{ queue: { database: rows.db }, package: ./node_modules/@house/rows/index.js, identity: trusted }',
    );
    expect(await documentOf('runs')).toMatchObject({ runs: [{ state: 'succeeded' }] });
  });

  it('proves no user by files, so the configuration must say that names are trusted', async () => {
    install('operator-ledger-queue');
    configure('{ queue: { database: rows.db } }');
    const { exitCode, stderr } = await operator(...RUN);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('ACTOR_MISSING');
    expect(stderr).toContain('identity: trusted');
    expect(house.sent()).toEqual([]);
  });

  it('says that its server does not answer: 10', async () => {
    install('operator-ledger-queue');
    configure('{ queue: { database: rows.db, isDown: true }, identity: trusted }');
    const { exitCode, stderr } = await operator('runs');
    expect(stderr).toContain('LEDGER_UNREACHABLE');
    expect(stderr).toContain('ECONNREFUSED');
    expect(exitCode).toBe(10);
  });

  it.each([
    ['export default { contract: "2.0" };', 'PLUGIN_CONTRACT_MISMATCH', 'contract 2.0 of drivers'],
    ['export default 5;', 'PLUGIN_INVALID', 'its default export is not an object'],
    ['export default { contract: "1.0" };', 'PLUGIN_INVALID', 'create must be a function'],
    ['export const driver = 1;', 'PLUGIN_INVALID', 'export default defineLedgerDriver'],
  ])('is refused when it is %s', async (code, error, message) => {
    install('operator-ledger-queue', code);
    configure('{ queue: {} }');
    const { exitCode, stderr } = await operator('runs');
    expect(stderr).toContain(error);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(4);
  });
});

it('the driver of the guide keeps a ledger, and proves users by files as SQLite does', async () => {
  const guide = readFileSync(GUIDE, 'utf8');
  const [, code = ''] = /^```js title="index\.js"\n(.*?)^```$/msu.exec(guide) ?? [];
  install('operator-ledger-shared', code);
  const modules = join(house.project.directory, 'node_modules');
  for (const name of ['operator-engine', 'zod'])
    symlinkSync(join(MODULES, name), join(modules, name));
  configure('{ shared: { folder: ./rows } }');
  expect(await operator(...RUN)).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(house.project.directory, 'rows/ledger.db'))).toBe(true);
  const copied = await operator('ledger', 'backup', 'copy.db');
  expect(copied.stderr).toContain('Take a snapshot of the folder.');
});
