import { BIN, runNode } from './command.ts';
import { median, toRatio } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { openSimulator } from './simulator.ts';

const ROUNDS = 15;

/** Compares the start of the program with the start of a Node that does nothing. */
export async function measureStartup(): Promise<readonly Measurement[]> {
  await using simulator = await openSimulator({ stores: 5, regions: 100 });
  const environment = { BENCH_PD: simulator.endpoint };
  const plan = ['plan', 'transfer_leader', '--region-id', '9', '--to-store-id', '2'];
  const commands: Readonly<Record<string, readonly string[]>> = {
    bare: ['-e', '0'],
    version: [BIN, '--version'],
    actions: [BIN, 'actions'],
    plan: [BIN, ...plan],
  };
  const times: Record<string, number[]> = { bare: [], version: [], actions: [], plan: [] };
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, words] of Object.entries(commands)) {
      const { wallMs } = await runNode(words, { environment });
      if (round >= 0) times[name]?.push(wallMs);
    }
  }
  const against = (name: string, what: string, bound: number): Measurement =>
    toRatio(
      `\`operator ${what}\` / bare \`node -e 0\``,
      { measured: median(times[name] ?? []), baseline: median(times['bare'] ?? []), unit: 'ms' },
      bound,
    );
  return [
    against('version', '--version', 1.25),
    against('actions', 'actions', 3),
    against('plan', 'plan transfer_leader', 5),
  ];
}
