import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PACKAGE = import.meta.resolve('operator-tikv-sim/package.json');
const COMMAND = fileURLToPath(new URL('dist/command.js', PACKAGE));

/** A simulated cluster in a process of its own, so that it does not share our event loop. */
export interface Simulator extends AsyncDisposable {
  readonly endpoint: string;
}

/** Starts a simulated cluster and waits until it answers. */
export async function openSimulator(size: {
  readonly stores: number;
  readonly regions: number;
}): Promise<Simulator> {
  const words = ['--stores', String(size.stores), '--regions', String(size.regions)];
  const child = spawn(process.execPath, [COMMAND, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstLine(child.stdout);
  const { endpoints } = JSON.parse(line) as { endpoints: readonly string[] };
  const endpoint = endpoints[0];
  if (endpoint === undefined) throw new Error('the simulator has no endpoint');
  return {
    endpoint,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

async function firstLine(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.toString();
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
  throw new Error('the simulator ended without saying where it listens');
}
