import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const FOLDER = new URL('..', import.meta.url);
const CLI = new URL('../../../packages/operator-cli/src/bin.ts', import.meta.url);

const lamp = { id: 'lamp-1', on: false };
const changes: string[] = [];
let project = '';
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    if (request.method === 'PUT') {
      changes.push(body);
      lamp.on = (JSON.parse(body) as { on: boolean }).on;
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(lamp));
  });
});

beforeEach(async () => {
  lamp.on = false;
  changes.length = 0;
  project = await createProject();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(project, { recursive: true });
});

/** A folder with the configuration of the example, so that the runs of the tests stand in no ledger of the example. */
async function createProject(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'operator-lamp-'));
  const config = await readFile(new URL('operator.config.yaml', FOLDER), 'utf8');
  const plugin = fileURLToPath(new URL('lamp-plugin.js', FOLDER));
  expect(config).toContain('./lamp-plugin.js');
  await writeFile(
    path.join(folder, 'operator.config.yaml'),
    config.replace('./lamp-plugin.js', plugin),
  );
  return folder;
}

test('the plugin of the README is loaded by config, and its action is planned, run and proven', async () => {
  const { code, output } = await operator(
    'run',
    'switch_lamp',
    '--on',
    '--yes',
    '--output',
    'json',
  );
  expect(code, output).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ state: 'succeeded' });
  expect(changes).toEqual(['{"on":true}']);
  expect(lamp.on).toBe(true);
});

test('what is already so is nothing to do, and nothing is sent', async () => {
  lamp.on = true;
  const { code } = await operator('run', 'switch_lamp', '--on', '--yes');
  expect(code).toBe(0);
  expect(changes).toEqual([]);
});

test('the README shows this very plugin', async () => {
  const readme = await readFile(new URL('../../README.md', FOLDER), 'utf8');
  const plugin = await readFile(new URL('lamp-plugin.js', FOLDER), 'utf8');
  expect(readme).toContain(plugin);
});

function operator(...words: readonly string[]): Promise<{ code: number | null; output: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@operator/source', fileURLToPath(CLI), ...words],
      {
        cwd: project,
        env: { ...process.env, LAMP_URL: `http://127.0.0.1:${port}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.resume();
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
