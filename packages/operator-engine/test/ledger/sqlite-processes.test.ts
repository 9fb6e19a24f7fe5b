import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleProgram } from 'operator-test-programs';
import { describe, expect, it, vi } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { planOf, runner } from '../../src/ledger-suite/plans.ts';
import { temporaryDirectory } from './temporary.ts';

const WORKER = bundleProgram(new URL('worker.ts', import.meta.url));
const NODE = [process.execPath, WORKER];

interface Place {
  readonly file: string;
  readonly log: string;
  readonly plans: string;
}

function makePlace(): Place {
  const directory = temporaryDirectory();
  const at = (name: string) => path.join(directory, name);
  return { file: at('ledger.db'), log: at('log'), plans: at('plans.json') };
}

function start(task: string, { file, log, plans }: Place): ChildProcess {
  const [command = '', ...args] = NODE;
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  return spawn(command, [...args, task, file, log, plans], { stdio: [...stdio] });
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

function linesOf({ log }: Place): string[][] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => line.split(' '));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

// Processes of their own take long to start where much else is running.
vi.setConfig({ testTimeout: 180_000 });

describe('many processes on one ledger', () => {
  it('make it once, all at once', async () => {
    const place = makePlace();
    const children = Array.from({ length: 6 }, () => start('open', place));
    expect(await Promise.all(children.map(ended))).toEqual(children.map(() => 0));
    const ids = linesOf(place).map(([, id]) => id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(1);
    const ledger = await openLedger({ path: place.file });
    expect(await ledger.audit.verify()).toMatchObject({ isIntact: true, entries: 1 });
    await ledger.close();
  });

  it('carry every plan out once, and never two on one resource at a time', async () => {
    const place = makePlace();
    const plans = Array.from({ length: 24 }, (_, at) =>
      planOf({ lock: [`lamp:${at % 2}`], requests: 2 }),
    );
    writeFileSync(place.plans, JSON.stringify(plans));
    const children = Array.from({ length: 6 }, () => start('race', place));
    expect(await Promise.all(children.map(ended))).toEqual(children.map(() => 0));

    const lines = linesOf(place);
    const sent = lines
      .filter(([word]) => word === 'sent')
      .map(([, , index, digest]) => `${digest} ${index}`);
    const wanted = plans.flatMap(({ digest }) => [`${digest} 0`, `${digest} 1`]);
    expect(sent.toSorted()).toEqual(wanted.toSorted());

    const inside = new Map<string, string>();
    const fences = new Map<string, number>();
    for (const [word, lock = '', fence = '', id = ''] of lines) {
      if (word === 'enter') {
        expect(inside.get(lock), `who is on ${lock}`).toBeUndefined();
        inside.set(lock, id);
        expect(Number(fence)).toBeGreaterThan(fences.get(lock) ?? 0);
        fences.set(lock, Number(fence));
      }
      if (word === 'leave') {
        expect(inside.get(lock)).toBe(id);
        inside.delete(lock);
      }
    }

    const ledger = await openLedger({ path: place.file });
    const states = (await ledger.runs.list({ limit: 100 })).map(({ state }) => state);
    expect(states).toEqual(plans.map(() => 'succeeded'));
    expect(await ledger.maintenance.check()).toMatchObject({ isSound: true });
    await ledger.close();
  });
});

describe('processes that are killed at any instant', () => {
  it('leave a whole ledger in which everything that was sent is written down', async () => {
    const place = makePlace();
    // A fixed spread of instants, so that every round cuts somewhere else.
    const delays = [3, 11, 23, 37, 52, 71, 90];
    const sent = () => linesOf(place).filter(([word]) => word === 'sent');
    // On a busy machine few of them come as far as sending: then there are more rounds.
    for (let round = 0; round < delays.length || sent().length <= 10; round += 1) {
      const delay = delays[round % delays.length];
      const workers = [start('churn', place), start('churn', place)];
      const ready = (round + 1) * workers.length;
      await until(() => linesOf(place).filter(([word]) => word === 'ready').length === ready);
      await sleep(delay);
      for (const worker of workers) worker.kill('SIGKILL');
      await Promise.all(workers.map(ended));
      await settleEverything(place);
    }
    const requests = sent().map(([, id, index]) => `${id} ${index}`);
    expect(new Set(requests).size).toBe(requests.length);
  });

  async function settleEverything(place: Place): Promise<void> {
    const ledger = await openLedger({ path: place.file, limits: { ownerTtlMs: 1 } });
    try {
      expect(await ledger.maintenance.check()).toMatchObject({ isSound: true, problems: [] });
      for (const [, id = '', index] of linesOf(place).filter(([word]) => word === 'sent')) {
        const { requests } = await ledger.runs.get(id);
        expect(requests.map((request) => request.index)).toContain(Number(index));
      }
      const { runs, leases } = ledger;
      for (const run of await runs.abandoned()) {
        const taken = await runs.takeOver(run.id, runner(`reader-${run.id}`));
        const fence = 'fence' in taken ? taken.fence : 0;
        if (run.state === 'executing') await runs.move(run.id, { fence, to: 'unknown' });
        else await runs.move(run.id, { fence, to: 'succeeded' });
      }
      for (const lease of await leases.list({ states: ['planned', 'active', 'ending'] })) {
        const by = { kind: 'runner', name: 'reader' } as const;
        await leases.close(lease.runId, { state: 'ended', by, reason: 'seen to be gone' });
      }
      const free = planOf({ lock: ['lamp:0', 'lamp:1', 'lamp:2'] });
      const { run } = await runs.create({
        plan: free,
        requester: runner('x').actor,
        expiresInMs: 1_000,
      });
      const decision = { kind: 'allow', reasons: ['ok'], policyVersion: 'p' } as const;
      await runs.decide(run.id, decision, runner('x').actor);
      const claim = await runs.claim(run.id, { runner: runner('x'), decision });
      expect(claim.outcome, 'no lock is left behind').toBe('claimed');
      if (claim.outcome === 'claimed')
        await runs.move(run.id, { fence: claim.fence, to: 'failed' });
    } finally {
      await ledger.close();
    }
  }
});

describe('a process whose files may not grow', () => {
  it('says so, and leaves a whole ledger', async () => {
    const place = makePlace();
    await (await openLedger({ path: place.file })).close();
    // Blocks of 1,024 bytes. The signal would end the process before SQLite can say what happened.
    const limited = `trap '' XFSZ; ulimit -f 400; exec "$@"`;
    const args = ['-c', limited, 'bash', ...NODE, 'fill', place.file, place.log];
    const child = spawn('bash', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    expect(await ended(child)).toBe(0);
    const { error } = JSON.parse(said) as { error: { code: string; message: string } };
    expect(['LEDGER_FULL', 'LEDGER_UNWRITABLE']).toContain(error.code);
    expect(error.message).toContain(place.file);
    const ledger = await openLedger({ path: place.file });
    expect(await ledger.maintenance.check()).toMatchObject({ isSound: true });
    await ledger.close();
  });
});
