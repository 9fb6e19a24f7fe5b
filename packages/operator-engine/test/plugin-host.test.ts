import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KnownSecrets } from '../src/secrets/known-secrets.ts';
import { WriteGuard } from '../src/http/write-guard.ts';
import { FileMemory } from '../src/plugin/file-memory.ts';
import type { MemoryPlace } from '../src/plugin/file-memory.ts';
import { SubjectHost } from '../src/plugin/plugin-host.ts';
import { failureOf } from './support/errors.ts';
import { makeDirectory } from './support/open-lamps.ts';

let directory: string;
let host: SubjectHost;

beforeEach(() => {
  directory = makeDirectory();
  const guard = new WriteGuard('home', {});
  host = new SubjectHost('home', {
    directory,
    guard,
    secrets: new KnownSecrets(() => ({ config: null, schema: null })),
    observer: undefined,
    memory: new FileMemory(memoryPlace(), 'home'),
    onWaiting: undefined,
  });
});

const memoryPlace = (): MemoryPlace => {
  const beside = join(directory, 'ledger.db');
  return { beside, prepare: () => void statSync(beside) };
};

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('a file that the configuration names', () => {
  it('is looked for beside the configuration', async () => {
    writeFileSync(join(directory, 'ca.pem'), 'pem');
    expect(await host.readFile('./ca.pem')).toBe('pem');
  });

  it.each([
    ['is missing', () => undefined, 'no such file'],
    ['is a folder', (path: string) => mkdirSync(path), 'no regular file'],
    [
      'is a pipe that nobody writes to',
      (path: string) => execFileSync('mkfifo', [path]),
      'no regular',
    ],
    [
      'is too large',
      (path: string) => {
        writeFileSync(path, Buffer.alloc(2 ** 21));
      },
      'larger than',
    ],
  ])('is named when it %s', async (_, make, reason) => {
    const path = join(directory, 'ca.pem');
    make(path);
    const error = await failureOf(host.readFile('ca.pem'));
    expect(error).toMatchObject({
      code: 'CONFIG_UNREADABLE',
      kind: 'config',
      facts: { file: path },
    });
    expect(error.message).toContain(reason);
  });
});

describe('what a plugin remembers', () => {
  const members = { clusterId: '7', endpoints: ['http://127.0.0.1:2379'] };
  const memory = (subject = 'home') => new FileMemory(memoryPlace(), subject);
  const file = () =>
    join(directory, readdirSync(directory).find((name) => name.includes('.memory-')) ?? '');

  it('is found again by a later process, each subject on its own, in a file of the user alone', async () => {
    writeFileSync(join(directory, 'ledger.db'), 'a ledger');
    await Promise.all([host.memory.write('members', members), host.memory.write('other', 1)]);
    await memory('away').write('members', null);
    expect(await memory().read('members')).toEqual(members);
    expect(await memory().read('other')).toBe(1);
    expect(await memory('away').read('members')).toBeNull();
    expect(await memory('nowhere').read('members')).toBeNull();
    expect(await memory('__proto__').read('toString')).toBeNull();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('is nothing where no ledger is, and makes none', async () => {
    await host.memory.write('members', members);
    expect(await host.memory.read('members')).toBeNull();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is written when the ledger has been made meanwhile, at the latest when the subject is closed', async () => {
    await host.memory.write('members', members);
    writeFileSync(join(directory, 'ledger.db'), 'a ledger');
    await host.close();
    expect(await memory().read('members')).toEqual(members);
  });

  it.each<[string, () => void]>([
    ['others may write', () => chmodSync(file(), 0o666)],
    ['is no JSON', () => writeFileSync(file(), '{')],
    [
      'is of another shape',
      () => writeFileSync(file(), '{"format":"operator.memory/1","subjects":[]}'),
    ],
    ['is of another format', () => writeFileSync(file(), '{"subjects":{"home":{"members":1}}}')],
  ])('is nothing when its file %s', async (_, spoil) => {
    writeFileSync(join(directory, 'ledger.db'), 'a ledger');
    await host.memory.write('members', members);
    spoil();
    expect(await host.memory.read('members')).toBeNull();
    await host.memory.write('members', members);
    expect(await host.memory.read('members')).toEqual(members);
  });

  it('is bounded', async () => {
    writeFileSync(join(directory, 'ledger.db'), 'a ledger');
    for (let index = 0; index < 40; index += 1) await host.memory.write(`key${index}`, index);
    expect(await host.memory.read('key39')).toBe(39);
    expect(await host.memory.read('key0')).toBeNull();
    const large = failureOf(host.memory.write('members', 'x'.repeat(17_000)));
    expect((await large).code).toBe('PLUGIN_MISBEHAVED');
    expect((await failureOf(host.memory.write('a/b', 1))).code).toBe('PLUGIN_MISBEHAVED');
  });
});
