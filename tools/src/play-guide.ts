import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { extractCommands, extractFiles } from './extract-files.ts';
import { ROOT } from './root.ts';
import { runCommand } from './run-command.ts';
import type { CommandResult } from './run-command.ts';

/** Environment for the commands of the guide. */
export interface GuideStage {
  /** A folder in which the guide's dependencies are found. */
  readonly folder: string;
  /** Program and arguments to run in place of `npx operator`. */
  readonly operator: readonly [string, ...string[]];
}

export interface PlayedCommand extends CommandResult {
  /** As the guide shows it. */
  readonly command: string;
}

/** Writes the files that the guide shows into a folder, and gives their names. */
export async function writeGuide(folder: string): Promise<readonly string[]> {
  const files = extractFiles(await readGuide());
  await Promise.all(files.map(({ name, text }) => writeFile(path.join(folder, name), text)));
  return files.map(({ name }) => name);
}

/** Starts the guide's system and runs every `npx operator` and `node --test` command of the guide against it. */
export async function playGuide({
  folder,
  operator,
}: GuideStage): Promise<readonly PlayedCommand[]> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const system = spawn(process.execPath, ['job-queues.js'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  try {
    await answering(system, url);
    const played: PlayedCommand[] = [];
    const [program, ...fixed] = operator;
    for (const command of extractCommands(await readGuide())) {
      const [first, second, ...words] = command.split(' ');
      const options = { cwd: folder, env: { QUEUES_URL: url } };
      if (first === 'npx' && second === 'operator') {
        played.push({ command, ...(await runCommand(program, [...fixed, ...words], options)) });
      }
      if (first === 'node' && second === '--test') {
        const flags = fixed.filter((flag) => flag.startsWith('--conditions='));
        const test = [...flags, '--test', '--test-reporter=spec', ...words];
        played.push({ command, ...(await runCommand(process.execPath, test, options)) });
      }
    }
    return played;
  } finally {
    system.kill();
  }
}

async function readGuide(): Promise<string> {
  return readFile(path.join(ROOT, 'docs', 'guides', 'writing-a-plugin.md'), 'utf8');
}

async function answering(system: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 200 && system.exitCode === null; tries += 1) {
    const answered = await fetch(`${url}/queues`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    await sleep(50);
  }
  throw new Error('The system of the guide does not answer.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
