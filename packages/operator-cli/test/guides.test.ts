import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_TRANSITIONS } from 'operator-engine';
import { startTikvSim } from 'operator-tikv-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProject, runInProcess } from './support/command-line.ts';
import type { Project } from './support/command-line.ts';

const GUIDES = new URL('../../../docs/guides/', import.meta.url);
const CONSOLE = /^```console\n(.*?)^```$/gmsu;
const FILE = /^```yaml title="([^"]+)"\n(.*?)^```$/gmsu;
const LINE =
  /^(?<user>\w+)\$ operator (?<typed>.*?)(?: (?<into>>>?) (?<file>\S+))?(?:\s+#(?: (?<code>\d+):?)?.*)?$/u;

/** A guide drains one store after the other, sooner than the usual limits allow. */
const WITHOUT_REST = `rules: [{ id: all, when: {}, decision: allow, reason: It is a simulation. }]
limits: { cooldown: none }
`;

function read(name: string): string {
  return readFileSync(new URL(name, GUIDES), 'utf8');
}

interface Typed {
  readonly line: string;
  readonly user: string;
  readonly argv: readonly string[];
  readonly file: string | undefined;
  readonly code: number;
}

function typedIn(guide: string): readonly Typed[] {
  return [...guide.matchAll(CONSOLE)].flatMap(([, block = '']) =>
    block.trimEnd().split('\n').map(parse),
  );
}

function parse(line: string): Typed {
  const { user = '', typed = '', file, code = '0' } = LINE.exec(line)?.groups ?? {};
  const argv = (typed.match(/'[^']*'|\S+/gu) ?? []).map((word) => word.replaceAll("'", ''));
  return { line, user, argv, file, code: Number(code) };
}

describe.each(['approvals.md', 'recovery.md', 'audit.md'])('the guide %s', (name) => {
  let project: Project;
  let stop: () => Promise<void>;
  const guide = read(name);

  beforeEach(async () => {
    const simulator = await startTikvSim({ stores: 5, regions: 20, version: '8.5', time: 'real' });
    const [endpoint = ''] = simulator.endpoints;
    stop = async () => simulator.stop();
    const files = [...guide.matchAll(FILE)].map(([, file = '', text = '']) => [file, text]);
    project = createProject({
      'policy.yaml': WITHOUT_REST,
      ...Object.fromEntries(files),
      'operator.config.yaml': `policy: ./policy.yaml\nsubjects:\n  prod:\n    plugin: operator-tikv\n    config: { pdEndpoints: ['${endpoint}'] }\n`,
    });
  });

  afterEach(async () => {
    await stop();
    project.remove();
  });

  it('has examples that end as it says', async () => {
    const lines = typedIn(guide);
    expect(lines.length).toBeGreaterThan(5);
    for (const typed of lines) {
      expect(typed.argv, typed.line).not.toEqual([]);
      const ended = await type(typed, project.directory);
      expect(ended.exitCode, `${typed.line}\n${ended.stderr}`).toBe(typed.code);
      if (typed.file !== undefined) {
        appendFileSync(join(project.directory, typed.file), ended.stdout);
      }
    }
  }, 60_000);
});

/** Runs a line: `RUN` is the last change, and `operator watch` is stopped when a lease has ended. */
async function type({ argv, user }: Typed, cwd: string): ReturnType<typeof runInProcess> {
  const run = argv.includes('RUN') ? await lastChange(cwd) : '';
  const controller = new AbortController();
  const onStdout = (text: string): void => {
    if (argv[0] === 'watch' && text.includes('lease ended')) controller.abort();
  };
  const words = argv.map((word) => (word === 'RUN' ? run : word));
  return runInProcess(words, { cwd, user, onStdout, signal: controller.signal });
}

async function lastChange(cwd: string): Promise<string> {
  const { stdout } = await runInProcess(['runs', '--output', 'json'], { cwd });
  const { runs }: { runs: { id: string; purpose: { kind: string } }[] } = JSON.parse(stdout);
  return runs.find(({ purpose }) => purpose.kind === 'change')?.id ?? '';
}

it('the diagram of the states is the table of transitions', () => {
  const arrows = Object.entries(RUN_TRANSITIONS).flatMap(([from, targets]) =>
    targets.map((to) => `  ${from} --> ${to}`),
  );
  const drawn = ['stateDiagram-v2', '  [*] --> planned', ...arrows].join('\n');
  expect(/^```mermaid\n(.*?)\n```$/msu.exec(read('recovery.md'))?.[1]).toBe(drawn);
});
