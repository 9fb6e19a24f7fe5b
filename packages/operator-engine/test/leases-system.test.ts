import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult, WatchEvent } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { ADA, ALLOW_ALL, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

const HOUR_MS = 3_600_000;

async function hold({ subject }: Lamps, leaseMs = HOUR_MS): Promise<RunResult> {
  const plan = await planOf(subject, 'hold_lamp', { lamp_id: 1 });
  const { result } = await drain(subject.apply(plan, { leaseMs }));
  expect(result).toMatchObject({ state: 'succeeded', lease: { state: 'active' } });
  return result;
}

/** Releases the lamp past the gate. */
function freeByHand({ house }: Lamps): void {
  house.lamps.set(1, { on: false, wiring: 1, held: false });
}

async function watchUntil({ engine }: Lamps, kind: WatchEvent['kind']): Promise<WatchEvent> {
  const stop = new AbortController();
  let found: WatchEvent | null = null;
  for await (const event of engine.watch({ signal: stop.signal })) {
    if (event.kind !== kind) continue;
    found = event;
    stop.abort();
  }
  if (found === null) throw new Error(`${kind} was never told`);
  return found;
}

describe('a lease whose effect something else has removed', () => {
  it('is lost at the next look, and that is in the audit', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    expect(await lamps.engine.leases.look()).toMatchObject([{ seen: 'in_force' }]);
    freeByHand(lamps);
    // Another process: a look is not repeated at once.
    const { engine } = await lamps.open(ADA);
    const [sight] = await engine.leases.look();
    expect(sight).toMatchObject({ seen: 'gone', lease: { runId, state: 'lost' } });
    expect(sight?.summary).toContain('something else removed it');
    const [last] = (await engine.runs.events(runId)).slice(-1);
    expect(last).toMatchObject({ kind: 'lease_moved', details: { to: 'lost' } });
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is lost when its effect became permanent: its end is refused, and `verify` tells why', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    lamps.house.lamps.set(1, { on: false, wiring: 9, held: true });
    const { engine } = await lamps.open(ADA);
    const [sight] = await engine.leases.look();
    expect(sight).toMatchObject({ seen: 'gone', lease: { runId, state: 'lost' } });
    expect(sight?.summary).toContain('Another change has taken its place');
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('keeps no new run away', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    freeByHand(lamps);
    const again = await hold(lamps);
    expect(again.runId).not.toBe(runId);
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'lost' });
  });

  it('is lost when its inverse has nothing to do', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    freeByHand(lamps);
    const planned = await lamps.subject.plan('release_lamp', { lamp_id: 1 }, { isAskedFor: true });
    expect(planned).toMatchObject({
      kind: 'nothing_to_do',
      summary: expect.stringMatching(
        new RegExp(`^Nobody holds it\\. The lease of run ${runId} on lamp:1 is lost: `, 'u'),
      ),
      facts: { leases: [{ runId, state: 'lost', resource: 'lamp:1' }] },
    });
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'lost' });
  });

  it('is reported as lost by a watching runner, long before its end', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    freeByHand(lamps);
    expect(await watchUntil(lamps, 'lease_lost')).toMatchObject({ runId });
  });

  it('is not ours when it is put back', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    freeByHand(lamps);
    await lamps.engine.leases.look();
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    const ended = await lamps.engine.leases.end(runId, { reason: 'done' });
    expect(ended).toMatchObject({ outcome: 'already_closed', lease: { state: 'lost' } });
    expect(lamps.house.lamps.get(1)?.held).toBe(true);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is not called lost while the system cannot be read', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    freeByHand(lamps);
    lamps.house.readStatus = 500;
    expect(await lamps.engine.leases.look()).toMatchObject([{ seen: 'unknown' }]);
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'active' });
  });
});

describe('a lease whose effect is not there, and that nothing else removed', () => {
  it('is ended, and not lost, when its run never saw the effect', async () => {
    await using lamps = await openLamps();
    lamps.house.isWired = false;
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1, patience_ms: 100 });
    const { result } = await drain(lamps.subject.apply(plan, { leaseMs: HOUR_MS }));
    expect(result).toMatchObject({ state: 'unknown', lease: { state: 'active' } });
    const [sight] = await lamps.engine.leases.look();
    expect(sight).toMatchObject({ seen: 'gone', lease: { state: 'ended' } });
    expect(sight?.summary).toMatch(/^It is not in force: /u);
  });

  it.each(['look', 'end'] as const)(
    'is ended, and not lost, when an end of unknown outcome may have removed it: seen by %s',
    async (by) => {
      await using lamps = await openLamps({ limits: { lostAnswerMs: 100 } });
      const { runId } = await hold(lamps);
      lamps.house.postFaults = ['cut_before'];
      await failureOf(lamps.engine.leases.end(runId, { reason: 'done' }));
      const [end] = await lamps.engine.runs.list({ of: runId });
      expect(end).toMatchObject({ state: 'unknown', purpose: { kind: 'lease_end' } });
      freeByHand(lamps);
      if (by === 'end') await lamps.engine.leases.end(runId, { reason: 'done' });
      else await lamps.engine.leases.look();
      const lease = await lamps.engine.leases.get(runId);
      expect(lease).toMatchObject({ state: 'ended' });
      expect(lease.reason).toContain(`run ${end?.id}, which is unknown, may have removed it`);
    },
  );
});

describe('a change that a standing effect is in the way of', () => {
  it('is refused with the lease that it is: of which run, whose, and until when', async () => {
    await using lamps = await openLamps();
    const { runId, lease } = await hold(lamps);
    for (const isAskedFor of [false, true]) {
      const planned = await lamps.subject.plan('hold_lamp', { lamp_id: 1 }, { isAskedFor });
      expect(planned).toMatchObject({
        kind: 'refused',
        refusal: {
          code: 'LAMP_LOCKED',
          message: `Somebody holds it. It is the lease of run ${runId} for ada, active, until ${lease?.endsAt}.`,
          facts: { lease: { runId, state: 'active', owner: ADA, endsAt: lease?.endsAt } },
          remedy: {
            text: expect.stringContaining('`extend_lease`'),
            next: [
              { operation: 'end_lease', lease: runId },
              { operation: 'extend_lease', lease: runId, for: null },
            ],
          },
        },
      });
    }
  });

  it('is refused with the note that it is not a lease when another tool made it', async () => {
    await using lamps = await openLamps();
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    const planned = await lamps.subject.plan('hold_lamp', { lamp_id: 1 });
    expect(planned).toMatchObject({
      refusal: {
        message: 'Somebody holds it. It is not a lease of this ledger: another tool made it.',
        facts: { lease: null },
        remedy: 'Wait.',
      },
    });
  });

  it('is refused with the state of its last lease where that is over', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    await lamps.engine.leases.release(runId, { reason: 'it is to stay' });
    expect(await lamps.subject.plan('hold_lamp', { lamp_id: 1 })).toMatchObject({
      refusal: {
        message: `Somebody holds it. It is not a lease of this ledger: the last one, of run ${runId}, is released.`,
        facts: { lease: { runId, state: 'released' } },
      },
    });
  });
});

describe('a lease whose end failed', () => {
  it('is active again, says why, and is due', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    lamps.house.postFaults = ['refuse'];
    await failureOf(lamps.engine.leases.end(runId, { reason: 'done' }));
    const lease = await lamps.engine.leases.get(runId);
    expect(lease).toMatchObject({ state: 'active' });
    expect(lease.reason).toContain('was not removed');
    expect(await watchUntil(lamps, 'lease_ended')).toMatchObject({ runId });
  });

  it('can be extended and released, also after its runner died', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    const ledger = await lamps.engine.openLedger();
    const runner = { id: 'dead', actor: ADA, role: 'command' } as const;
    await ledger.leases.beginEnd(runId, { runner, reason: 'done' });
    await ledger.runners.leave('dead');
    const longer = { forMs: HOUR_MS, reason: 'not yet' };
    expect(await lamps.engine.leases.extend(runId, longer)).toMatchObject({ runId });
    const released = await lamps.engine.leases.release(runId, { reason: 'it is to stay' });
    expect(released).toMatchObject({ state: 'released', reason: 'it is to stay' });
    expect(lamps.house.lamps.get(1)?.held).toBe(true);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('and has no end of its own is ended by a runner that watches after a kill', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const { runId } = (await drain(lamps.subject.apply(plan))).result;
    const ledger = await lamps.engine.openLedger();
    const runner = { id: 'dead', actor: ADA, role: 'command' } as const;
    await ledger.leases.beginEnd(runId, { runner, reason: 'done' });
    await ledger.runners.leave('dead');
    expect(await watchUntil(lamps, 'lease_ended')).toMatchObject({ runId });
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
  });
});

describe('a lease that is released', () => {
  it('needs what keeping the effect needs', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps);
    const rule = '{ id: no, when: {}, decision: deny, reason: The house sleeps. }';
    writeFileSync(join(lamps.directory, 'operator.policy.yaml'), `rules:\n  - ${rule}\n`);
    const error = await failureOf(lamps.engine.leases.release(runId, { reason: 'stay' }));
    expect(error.code).toBe('POLICY_DENIED');
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'active' });
  });
});

describe('a lease whose run still looks for the effect', () => {
  it('is ended by cancelling that run', async () => {
    await using lamps = await openLamps();
    lamps.house.isWired = false;
    const parameters = { lamp_id: 1, patience_ms: 600_000 };
    const plan = await planOf(lamps.subject, 'hold_lamp', parameters);
    const { promise, resolve } = Promise.withResolvers<string>();
    const running = drain(lamps.subject.apply(plan, { leaseMs: HOUR_MS }), (event) => {
      if (event.kind === 'verifying') resolve(event.runId);
    });
    const runId = await promise;
    const { engine } = await lamps.open(ADA);
    const ended = await engine.leases.end(runId, { reason: 'wrong lamp' });
    expect(ended).toMatchObject({ outcome: 'ended', lease: { state: 'ended' } });
    expect((await running).result).toMatchObject({ state: 'cancelled' });
    expect(await engine.leases.get(runId)).toMatchObject({ state: 'ended' });
  });
});

describe('a lease of a run without a living owner, whose answer was lost', () => {
  async function loseAnswer(lamps: Lamps, fault: 'cut_before' | 'cut_after'): Promise<string> {
    lamps.house.postFaults = [fault];
    const parameters = { lamp_id: 1, patience_ms: 1_500 };
    const plan = await planOf(lamps.subject, 'hold_lamp', parameters);
    const { result } = await drain(lamps.subject.apply(plan, { wait: false, leaseMs: HOUR_MS }));
    expect(result).toMatchObject({ state: 'verifying', error: { code: 'OUTCOME_UNKNOWN' } });
    return result.runId;
  }

  it('is not told to be in force before it was seen', async () => {
    await using lamps = await openLamps();
    const runId = await loseAnswer(lamps, 'cut_before');
    const [sight] = await lamps.engine.leases.look();
    expect(sight).toMatchObject({ lease: { runId }, seen: 'unknown' });
    expect(sight?.summary).toBe(
      'It is not known to come into force: Nobody holds it. Its run is verifying; no process follows it.',
    );
  });

  it('is lost when its effect was there and something else took it back meanwhile', async () => {
    await using lamps = await openLamps();
    const runId = await loseAnswer(lamps, 'cut_after');
    lamps.house.lamps.set(1, { on: false, wiring: 2 });
    expect(await lamps.engine.runs.recover({ patienceMs: 6_000 })).toMatchObject([
      { runId, state: 'ineffective', error: { code: 'EFFECT_REVERTED' } },
    ]);
    expect(await lamps.engine.leases.look()).toMatchObject([{ lease: { state: 'lost' } }]);
  });

  it('is reported as in force after it was seen', async () => {
    await using lamps = await openLamps();
    await loseAnswer(lamps, 'cut_after');
    expect(await lamps.engine.leases.look()).toMatchObject([{ seen: 'in_force' }]);
  });

  it('is ended after that run was settled by reading', async () => {
    await using lamps = await openLamps();
    const runId = await loseAnswer(lamps, 'cut_after');
    const ended = await lamps.engine.leases.end(runId, { reason: 'wrong lamp' });
    expect(ended).toMatchObject({ outcome: 'ended', lease: { state: 'ended' } });
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
  });

  it('is not ended while the request may still arrive, and the step that is named leads there', async () => {
    await using lamps = await openLamps();
    const runId = await loseAnswer(lamps, 'cut_before');
    const error = await failureOf(lamps.engine.leases.end(runId, { reason: 'wrong lamp' }));
    expect(error).toMatchObject({ code: 'RESOURCE_HELD' });
    expect(error.message).toContain('is verifying and may still cause it: Nobody holds it.');
    expect(error.next).toEqual([{ operation: 'watch_run', run: runId }]);
    const { result } = await drain(lamps.engine.runs.follow(runId));
    expect(result.state).toBe('unknown');
    const ended = await lamps.engine.leases.end(runId, { reason: 'wrong lamp' });
    expect(ended).toMatchObject({ outcome: 'ended', lease: { state: 'ended' } });
  });
});

describe('the end of a lease that would do more than the lease allowed', () => {
  const policy = ALLOW_ALL.replace(
    'limits:',
    '  - { id: keep, when: { action: release_lamp }, decision: deny, reason: Others rely on it. }\nlimits:',
  );

  it('is a change, and where policy denies that the lease is superseded', async () => {
    await using lamps = await openLamps({ policy });
    const { runId } = await hold(lamps, 1);
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true, pending: true });
    const told = await watchUntil(lamps, 'lease_superseded');
    expect(told).toMatchObject({ runId });
    expect(told.message).toContain('held, and waited for');
    expect(told.message).toContain('Others rely on it.');
    expect(lamps.house.lamps.get(1)?.held).toBe(true);
    expect(lamps.house.changes).toHaveLength(1);
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'superseded' });
  });

  it('is not a change while it only removes the leased effect', async () => {
    await using lamps = await openLamps({ policy });
    const { runId } = await hold(lamps, 1);
    expect(await watchUntil(lamps, 'lease_ended')).toMatchObject({ runId });
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
  });
});

describe('a run that may begin and that its own process has left', () => {
  it('is begun by a runner that watches', async () => {
    await using lamps = await openLamps({ limits: { leftAfterMs: 1 } });
    const { run } = await lamps.subject.submit(
      await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 }),
    );
    expect(run.state).toBe('approved');
    expect(await watchUntil(lamps, 'went_on')).toMatchObject({
      runId: run.id,
      details: { state: 'succeeded' },
    });
    expect(lamps.house.lamps.get(1)?.on).toBe(true);
  });
});
