import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProject, runInProcess } from '../support/command-line.ts';
import type { Ended, Project, Settings } from '../support/command-line.ts';
import { startVault } from '../support/vault-server.ts';
import type { VaultServer } from '../support/vault-server.ts';

const PLUGIN = fileURLToPath(new URL('../support/vault-plugin.ts', import.meta.url));
const SET = ['set_password', '--user', 'ann', '--pw', 's3cr3t one'];

let vault: VaultServer;
let project: Project;

beforeEach(async () => {
  vault = await startVault();
  const config = { subjects: { vault: { plugin: PLUGIN, config: { url: vault.url } } } };
  project = createProject({ 'operator.config.json': JSON.stringify(config) });
});

afterEach(async () => {
  await vault.stop();
  project.remove();
});

async function operator(argv: readonly string[], settings: Partial<Settings> = {}): Promise<Ended> {
  return runInProcess(argv, { cwd: project.directory, ...settings });
}

function written(): string {
  const found = readdirSync(project.directory, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join();
}

describe('a secret parameter on the command line', () => {
  it('is sent, and stands neither on the screen, nor in the trace, nor in any file', async () => {
    const { exitCode, stdout, stderr } = await operator(['run', ...SET, '--yes', '--trace']);
    expect(exitCode).toBe(0);
    expect(vault.bodies).toEqual(['{"password":"s3cr3t one"}']);
    expect(stderr).toContain('> PUT ');
    expect(`${stdout}${stderr}${written()}`).not.toContain('s3cr3t');
  });

  it('is not in a plan file, which only its owner reads, and is given again to apply it', async () => {
    await operator(['plan', ...SET, '--out', 'plan.json']);
    expect(statSync(join(project.directory, 'plan.json')).mode & 0o777).toBe(0o600);
    const alone = await operator(['apply', 'plan.json', '--yes']);
    expect(alone.exitCode).toBe(2);
    expect(alone.stderr).toContain('SECRET_MISSING');
    expect(vault.bodies).toEqual([]);
    const argv = ['apply', 'plan.json', '--yes', '--secrets', '-'];
    const { exitCode } = await operator(argv, { stdin: '{"pw":"s3cr3t one"}' });
    expect(exitCode).toBe(0);
    expect(vault.bodies).toEqual(['{"password":"s3cr3t one"}']);
    expect(written()).not.toContain('s3cr3t');
  });
});
