import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedExits } from '../src/guide-expectations.ts';
import { playGuide, writeGuide } from '../src/play-guide.ts';
import { ROOT } from '../src/root.ts';
import { binary, problemsOf } from '../src/run-command.ts';

const SOURCE = '--conditions=@operator/source';
const CLI = path.join(ROOT, 'packages', 'operator-cli', 'src', 'bin.ts');

describe('the guide to writing a plugin', () => {
  let folder = '';
  let files: readonly string[] = [];

  beforeAll(async () => {
    // Outside the workspace, as an author's folder is; what npm would install is linked.
    folder = await mkdtemp(path.join(tmpdir(), 'operator-guide-'));
    await symlink(path.join(ROOT, 'tools', 'node_modules'), path.join(folder, 'node_modules'));
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
    files = await writeGuide(folder);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('shows a plugin that compiles', async () => {
    const config = { extends: path.join(ROOT, 'tools', 'tsconfig.json'), include: ['*.ts'] };
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
    expect(files).toContain('queue-plugin.ts');
    expect(await problemsOf(binary('tsc'), ['-p', '.'], { cwd: folder })).toEqual([]);
  });

  it('shows commands that do what it says', async () => {
    const played = await playGuide({ folder, operator: [process.execPath, SOURCE, CLI] });
    expect(expectedExits(played)).toEqual([]);
  });
});
