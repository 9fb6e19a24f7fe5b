#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startTikvSim } from './start-tikv-sim.ts';

const USAGE = `operator-tikv-sim [options]   a simulated PD cluster with TiKV stores on 127.0.0.1

  --stores N     TiKV stores (5)            --regions N   regions (100)
  --replicas N   replicas of a region (3)   --version V   6.5 or 8.5 (8.5)
  --members N    PD members (1)             --port N      first member's port (0: any)
  --seed N       (1)                        --speed N     model seconds per second (1)
  --tiflash N    TiFlash stores (0)         --help

Prints one line of JSON when it is ready: endpoints, controlUrl, clusterId, version. Ends on SIGTERM or SIGINT.
`;

const NUMBERS = [
  'stores',
  'regions',
  'replicas',
  'members',
  'port',
  'seed',
  'speed',
  'tiflash',
] as const;

function parse(): Readonly<Record<string, string | boolean | undefined>> {
  const numeric = Object.fromEntries(NUMBERS.map((name) => [name, { type: 'string' } as const]));
  return parseArgs({
    options: { ...numeric, version: { type: 'string' }, help: { type: 'boolean' } },
  }).values;
}

async function main(): Promise<void> {
  const values = parse();
  if (values['help'] === true) {
    process.stdout.write(USAGE);
    return;
  }
  const version = values['version'] ?? '8.5';
  if (version !== '6.5' && version !== '8.5')
    throw new RangeError(`--version must be 6.5 or 8.5, not ${String(version)}`);
  const number = (name: (typeof NUMBERS)[number], fallback: number): number => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (Number.isNaN(value))
      throw new RangeError(`--${name} must be a number, not ${String(values[name])}`);
    return value;
  };
  const sim = await startTikvSim({
    stores: number('stores', 5),
    regions: number('regions', 100),
    replicas: number('replicas', 3),
    members: number('members', 1),
    port: number('port', 0),
    seed: number('seed', 1),
    speed: number('speed', 1),
    tiflashStores: number('tiflash', 0),
    version,
    time: 'real',
    control: true,
  });
  const stop = (): void => void sim.stop();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const { endpoints, controlUrl, clusterId, release } = sim;
  process.stdout.write(
    `${JSON.stringify({ endpoints, controlUrl, clusterId, version: release })}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(
    `operator-tikv-sim: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 2;
});
