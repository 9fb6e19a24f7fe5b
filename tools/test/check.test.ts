import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesRaisedIn, readErrorPage } from '../src/error-pages.ts';
import { extractCommands, extractFiles } from '../src/extract-files.ts';
import { expectedExits } from '../src/guide-expectations.ts';
import { formatResult, formatSummary } from '../src/report.ts';
import { ROOT } from '../src/root.ts';
import { problemsOf, runCommand } from '../src/run-command.ts';
import { runStep } from '../src/run-step.ts';

const check = path.join(ROOT, 'tools', 'check.ts');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'operator-check-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('pnpm check', () => {
  it('runs the chosen step, says how it went and writes it down', async () => {
    const report = path.join(folder, 'report.json');
    const { code, stdout } = await runCommand(process.execPath, [
      check,
      'changeset',
      '--report',
      report,
    ]);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^passed {2}changeset +\d+\.\d s {2}every published package/u);
    expect(stdout).toContain('All 1 steps of the check passed.');
    expect(JSON.parse(await readFile(report, 'utf8'))).toEqual([
      expect.objectContaining({ name: 'changeset', problems: [] }),
    ]);
  });

  it('refuses a step that does not exist, and lists those that do', async () => {
    const { code, output } = await runCommand(process.execPath, [check, 'typos']);
    expect(code).toBe(2);
    expect(output).toContain('There is no step typos.');
    expect(output).toContain('packed tarballs');
  });
});

describe('a step', () => {
  const step = { name: 'a', about: 'about a' };

  it('has failed when it throws', async () => {
    const result = await runStep({ ...step, run: () => Promise.reject(new Error('broken')) });
    expect(result.problems).toEqual([expect.stringContaining('Error: broken')]);
    expect(formatResult(result)).toMatch(/^FAILED {2}a +0\.0 s {2}about a\n {8}Error: broken/u);
    expect(formatSummary([result])).toBe('\n1 of 1 steps of the check failed: a.');
  });

  it('has the output of a program that failed among its problems', async () => {
    const words = ['-e', 'console.log("out"); console.error("err"); process.exit(3)'];
    expect(await problemsOf(process.execPath, words)).toEqual([
      expect.stringMatching(/^node .* ended with 3\n(out\nerr|err\nout)\n$/u),
    ]);
    expect(await problemsOf(process.execPath, ['-e', '1'])).toEqual([]);
    await expect(problemsOf(path.join(folder, 'nothing'), [])).rejects.toThrow('ENOENT');
  });
});

describe('reading pages', () => {
  it('takes the files and commands that a page shows', () => {
    const page = [
      '```ts title="a.ts"\nconst a = 1;\n```',
      '```ts\nconst b = 1;\n```',
      '```sh\nnpm install\n\nnpx operator actions\n```',
    ].join('\n\n');
    expect(extractFiles(page)).toEqual([{ name: 'a.ts', text: 'const a = 1;\n' }]);
    expect(extractCommands(page)).toEqual(['npm install', 'npx operator actions']);
  });

  it('takes the rows of codes', () => {
    const page = [
      '## One',
      '| code | kind | meaning | what to do |',
      '| `A_B` | usage | It | Do `a \\| b` |',
      '## Two',
      '| `C` | It | Do |',
    ];
    expect(readErrorPage(page.join('\n'))).toEqual([
      { section: 'One', code: 'A_B', kind: 'usage', meaning: 'It', remedy: 'Do `a \\| b`' },
      { section: 'Two', code: 'C', kind: null, meaning: 'It', remedy: 'Do' },
    ]);
  });

  it('sees the codes that a source raises', () => {
    const source = `
      new OperatorError({ code: 'ONE', kind: 'bug' });
      throw createEngineError('TWO_CODES', {});
      refuseWith(\n        'THREE', 'message');
      const level = 'NONE';`;
    expect(codesRaisedIn(source)).toEqual(['ONE', 'TWO_CODES', 'THREE']);
  });

  it('sees when a command of the guide comes to something else', () => {
    const played = { command: 'npx operator actions', code: 1, stdout: '', output: 'broken' };
    expect(expectedExits([played])).toEqual(['the guide shows 1 commands, 7 are expected']);
    const problems = expectedExits(Array.from({ length: 7 }, () => played));
    expect(problems).toHaveLength(7);
    expect(problems[0]).toContain('ended with 1 instead of 0, without saying mail, video, 70');
  });
});
