import { BIN, runNode } from './command.ts';
import { median, toLimit } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { openSimulator } from './simulator.ts';

const ROUNDS = 5;
const BYTES_PER_MB = 1e6;

/** Resident memory of the program while it shows a large cluster. */
export async function measureMemory(): Promise<readonly Measurement[]> {
  await using simulator = await openSimulator({ stores: 1000, regions: 10_000 });
  const peaks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { peakRssBytes } = await runNode([BIN, 'observe', 'stores'], {
      environment: { BENCH_PD: simulator.endpoint },
      reportMemory: true,
    });
    peaks.push(peakRssBytes / BYTES_PER_MB);
  }
  const measured = median(peaks);
  return [
    toLimit('`operator observe stores` with 1,000 stores, resident', { measured, unit: 'MB' }, 130),
  ];
}
