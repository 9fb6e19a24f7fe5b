import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';
import { openLedger } from 'operator-engine';
import type { Ledger } from 'operator-engine';
import { median, toAtLeast, toLimit, toRatio } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { openSwitchboard, planPress, press } from './switchboard.ts';

const RUNS = 100_000;
/** So many of them go the whole way through the gate; the others are written into the ledger as the gate does. */
const THROUGH_THE_GATE = 20_000;
const ROUNDS = 9;
const BYTES_PER_MB = 1e6;

setFlagsFromString('--expose-gc');
/** Collects all garbage. Node exposes it only with a flag. */
const collect: () => void = runInNewContext('gc');

const ACTOR = { kind: 'program', name: 'bench' } as const;
const RUNNER = { id: 'bench', actor: ACTOR, role: 'command' } as const;

/** A ledger in which a hundred thousand runs stand. */
export async function measureLargeLedger(): Promise<readonly Measurement[]> {
  await using bench = await openSwitchboard({ inMemory: true });
  const memory = await fillThroughGate(bench.subject);
  const path = await bench.engine.ledgerLocation();
  const plan = await planPress(bench.subject, 1);
  await bench.engine.close();
  const filling = await fillLedger(path, plan);
  const folder = await mkdtemp(join(tmpdir(), 'operator-bench-'));
  try {
    const large = join(folder, 'large.db');
    await copyFile(path, large);
    return [memory, filling, ...(await measureReading(large, join(folder, 'small.db')))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Compares the live memory after a fifth of the runs with that after all of them. */
async function fillThroughGate(subject: Parameters<typeof press>[0]): Promise<Measurement> {
  let early = 0;
  for (let run = 1; run <= THROUGH_THE_GATE; run += 1) {
    await press(subject, await planPress(subject, run));
    if (run === THROUGH_THE_GATE / 5) early = measureLive();
  }
  const runs = THROUGH_THE_GATE.toLocaleString('en');
  return toFlat(`memory in use after ${runs} runs in one process / after a fifth of them`, early);
}

/** Writes runs as the gate writes them, without plugin and plan of their own. */
async function fillLedger(path: string, plan: Plan): Promise<Measurement> {
  const ledger = await openLedger({ path });
  let early = 0;
  try {
    for (let run = THROUGH_THE_GATE; run < RUNS; run += 1) {
      await writeRun(ledger, planLike(plan, run));
      if (run === THROUGH_THE_GATE + 1_000) early = measureLive();
    }
    const runs = RUNS.toLocaleString('en');
    return toFlat(`memory in use with ${runs} runs in the ledger / with a fifth of them`, early);
  } finally {
    await ledger.close();
  }
}

function toFlat(what: string, baseline: number): Measurement {
  const measured = measureLive();
  const flat = toRatio(what, { measured, baseline, unit: 'MB' }, 1.1);
  const resident = Math.round(process.memoryUsage().rss / BYTES_PER_MB);
  return { ...flat, detail: `${flat.detail}; ${resident} MB resident` };
}

/** In megabytes, without what only waits to be collected. */
function measureLive(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / BYTES_PER_MB;
}

function planLike(plan: Plan, run: number): Plan {
  const { digest: _digest, ...content } = plan;
  const resource = `switch:${run + 1}`;
  const other = {
    ...content,
    parameters: { switch_id: run + 1 },
    resources: [{ resource, mode: 'exclusive' as const }],
  };
  return { ...other, digest: digestPlan(other) };
}

async function writeRun({ runs }: Ledger, plan: Plan): Promise<void> {
  const reasons = ['It costs nothing.'];
  const decision = { kind: 'allow', reasons, policyVersion: 'bench' } as const;
  const { run } = await runs.create({ plan, requester: ACTOR, expiresInMs: 60_000 });
  await runs.decide(run.id, decision, ACTOR);
  const claim = await runs.claim(run.id, { runner: RUNNER, decision });
  if (claim.outcome !== 'claimed') throw new Error(`the claim was ${claim.outcome}`);
  const { fence } = claim;
  await runs.intend(run.id, { fence, index: 0 });
  const result = { outcome: 'accepted', status: 200, answer: 'done' } as const;
  await runs.recordResult(run.id, { fence, index: 0 }, result);
  await runs.move(run.id, { fence, to: 'verifying', reason: 'Everything was sent.' });
  await runs.move(run.id, { fence, to: 'succeeded', reason: 'It was pressed.' });
}

async function measureReading(large: string, small: string): Promise<readonly Measurement[]> {
  const opening: Record<'large' | 'small', number[]> = { large: [], small: [] };
  const listing: Record<'large' | 'small', number[]> = { large: [], small: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, path] of [
      ['large', large],
      ['small', small],
    ] as const) {
      const startedAt = performance.now();
      const ledger = await openLedger({ path });
      const openedAt = performance.now();
      await ledger.runs.list();
      listing[name].push(performance.now() - openedAt);
      opening[name].push(openedAt - startedAt);
      await ledger.close();
    }
  }
  return [
    within('opening the ledger', { times: opening, most: 20 }),
    within('the newest runs (`runs`)', { times: listing, most: 20 }),
    await measureVerify(large),
  ];
}

/** Compares the medians; a few milliseconds pass at any ratio. */
function within(
  what: string,
  { times, most }: { times: Record<'large' | 'small', number[]>; most: number },
): Measurement {
  const measured = median(times.large);
  return {
    ...toLimit(`${what} with ${RUNS.toLocaleString('en')} runs`, { measured, unit: 'ms' }, most),
    result: `${measured.toFixed(1)} ms`,
    detail: `with none: ${median(times.small).toFixed(1)} ms`,
  };
}

async function measureVerify(path: string): Promise<Measurement> {
  const ledger = await openLedger({ path });
  const rates: number[] = [];
  let entries = 0;
  for (let round = 0; round < 3; round += 1) {
    const startedAt = performance.now();
    const verified = await ledger.audit.verify();
    if (!verified.isIntact) throw new Error('the audit does not verify');
    ({ entries } = verified);
    rates.push(entries / ((performance.now() - startedAt) / 1_000));
  }
  await ledger.close();
  const measured = median(rates);
  return {
    ...toAtLeast('`audit verify`', { measured, unit: 'entries/s' }, 100_000),
    detail: `${entries.toLocaleString('en')} entries`,
  };
}
