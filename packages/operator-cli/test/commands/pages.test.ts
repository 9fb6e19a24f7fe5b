import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createProject, runInProcess } from '../support/command-line.ts';
import type { Ended, Project } from '../support/command-line.ts';

const PLUGIN = fileURLToPath(new URL('../support/numbers-plugin.ts', import.meta.url));
let project: Project;

afterEach(() => project.remove());

async function observe(size: number, ...more: readonly string[]): Promise<Ended> {
  const config = `subjects: { n: { plugin: ${PLUGIN}, config: { size: ${size} } } }\n`;
  project = createProject({ 'operator.config.yaml': config });
  return runInProcess(['observe', 'numbers', ...more], { cwd: project.directory });
}

function readValue({ stdout }: Ended): { rows: { number: number }[]; next: string | null } {
  return (JSON.parse(stdout) as { value: ReturnType<typeof readValue> }).value;
}

describe('operator observe with pages', () => {
  it('reads every page and prints one list', async () => {
    const ended = await observe(100, '--output', 'json');
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    const { rows, next } = readValue(ended);
    expect(rows.map(({ number }) => number)).toEqual(
      Array.from({ length: 100 }, (_, at) => at + 1),
    );
    expect(next).toBeNull();
  });

  it('stops after 1,000 rows, and prints the command that continues', async () => {
    const ended = await observe(1200, '--output', 'json');
    const { rows, next } = readValue(ended);
    expect(rows).toHaveLength(1000);
    expect(next).toBe('n1000');
    expect(ended.stderr).toContain(
      'Stopped after 1000 rows; there are more. To continue: operator observe numbers --after n1000',
    );
  });

  it('stops at the given limit, and continues after a cursor', async () => {
    const ended = await observe(100, '--limit', '7', '--after', 'n50');
    expect(ended.stdout.trim().split('\n').slice(1).map(Number)).toEqual([
      51, 52, 53, 54, 55, 56, 57,
    ]);
    expect(ended.stderr).toContain('operator observe numbers --after n57 --limit 7');
  });

  it('has a definition with the names of its pages and the schema of a page', async () => {
    await observe(1);
    const argv = ['observations', '--output', 'json'];
    const { stdout } = await runInProcess(argv, { cwd: project.directory });
    const pages = { rows: 'rows', next: 'next', cursor: 'after', limit: 'limit' };
    const observations = [{ pages, resultSchema: { type: 'object' } }];
    expect(JSON.parse(stdout)).toMatchObject({ observations });
  });

  it('prints each row on a line of its own as ndjson, from all pages', async () => {
    const { stdout } = await observe(90, '--output', 'ndjson');
    expect(stdout.trim().split('\n')).toHaveLength(91);
  });
});
