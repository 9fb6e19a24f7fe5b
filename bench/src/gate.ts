import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from 'operator-engine';
import { startTikvSim } from 'operator-tikv-sim';
import { toLimit } from './measurement.ts';
import type { Measurement } from './measurement.ts';

/** Counts the requests of one proven change when PD is quick. */
export async function measureGate(): Promise<readonly Measurement[]> {
  const simulator = await startTikvSim({ stores: 5, regions: 100, time: 'real' });
  const folder = await mkdtemp(join(tmpdir(), 'operator-bench-'));
  const config = { pdEndpoints: simulator.endpoints, clusterId: simulator.clusterId };
  const subjects = { bench: { plugin: 'operator-tikv', config } };
  await writeFile(join(folder, 'operator.config.json'), JSON.stringify({ subjects }));
  const engine = await openEngine({
    cwd: folder,
    env: {},
    hostUrl: import.meta.url,
    actor: { kind: 'program', name: 'bench' },
    // The effect is there by then: each look before costs one request more.
    limits: { firstLookMs: 500 },
  });
  try {
    const subject = await engine.openSubject();
    const planned = await subject.plan(
      'transfer_leader',
      { region_id: 9, to_store_id: '2' },
      { isConfirmed: true },
    );
    if (planned.kind !== 'plan') throw new Error(`planning ended with ${planned.kind}`);
    for await (const event of subject.apply(planned.plan)) {
      if (event.kind === 'finished' && event.result.state !== 'succeeded') {
        throw new Error(`the run ended with ${event.result.state}: ${event.result.summary}`);
      }
    }
    const measured = simulator.requests.length;
    return [
      toLimit(
        'plan + send + verify of a confirmed `transfer_leader`',
        { measured, unit: 'requests' },
        12,
      ),
    ];
  } finally {
    await engine.close();
    await simulator.stop();
    await rm(folder, { recursive: true });
  }
}
