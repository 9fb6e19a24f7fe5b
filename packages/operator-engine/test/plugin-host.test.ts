import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KnownSecrets } from '../src/secrets/known-secrets.ts';
import { WriteGuard } from '../src/http/write-guard.ts';
import { SubjectHost } from '../src/plugin/plugin-host.ts';
import { failureOf } from './support/errors.ts';
import { makeDirectory } from './support/open-lamps.ts';

let directory: string;
let host: SubjectHost;

beforeEach(() => {
  directory = makeDirectory();
  const guard = new WriteGuard('home', []);
  host = new SubjectHost('home', {
    directory,
    guard,
    secrets: new KnownSecrets(() => ({ config: null, schema: null })),
    observer: undefined,
  });
});

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
