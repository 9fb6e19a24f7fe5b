import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSettableClock, HOUR } from '../src/ledger-suite/test-clock.ts';
import { drain, failureOf } from './support/errors.ts';
import { ADA, ALLOW_ALL, BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

/** A rule that denies everything between two times of day. */
function closeBetween({ directory }: Lamps, from: string, to: string): void {
  const rule = `{ id: night, when: { during: { zone: UTC, from: '${from}', to: '${to}' } }, decision: deny, reason: Asleep. }`;
  const policy = ALLOW_ALL.replace('rules:\n', `rules:\n  - ${rule}\n`);
  writeFileSync(join(directory, 'operator.policy.yaml'), policy);
}

async function switchLamp({ subject }: Lamps): Promise<string> {
  const plan = await planOf(subject, 'switch_lamp', { lamp_id: 1 });
  const { run } = await subject.submit(plan);
  return run.state;
}

describe('a clock that is set during a run', () => {
  it('opens no window of policy that is closed by the ledger’s time, nor one that is closed by its own', async () => {
    const ledgerClock = createSettableClock();
    await using lamps = await openLamps({ ledgerClock });
    await lamps.engine.openLedger();
    closeBetween(lamps, '11:00', '13:00');
    ledgerClock.jump(-3 * HOUR);
    expect(await switchLamp(lamps)).toBe('refused');
    closeBetween(lamps, '08:30', '10:00');
    expect(await switchLamp(lamps)).toBe('refused');
    closeBetween(lamps, '20:00', '21:00');
    expect(await switchLamp(lamps)).toBe('approved');
  });

  it('makes no extension shorter than the lease: three hours behind, a later end still asks policy', async () => {
    const ledgerClock = createSettableClock();
    await using lamps = await openLamps({ ledgerClock });
    const held = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(held, { leaseMs: 2 * HOUR }));
    const bob = await lamps.open(BOB);
    writeFileSync(
      join(lamps.directory, 'operator.policy.yaml'),
      'rules:\n  - { id: lamps, when: {}, decision: deny, reason: Not any more. }\n',
    );
    ledgerClock.jump(-3 * HOUR);
    const later = { forMs: 4 * HOUR, reason: 'not yet' };
    const denied = await failureOf(bob.engine.leases.extend(result.runId, later));
    expect(denied.code).toBe('POLICY_DENIED');
    const sooner = await bob.engine.leases.extend(result.runId, { forMs: HOUR, reason: 'soon' });
    expect(Date.parse(sooner.endsAt ?? '')).toBeLessThan(Date.parse(result.lease?.endsAt ?? ''));
  });

  it('begins nothing three hours ahead, where every plan is over at once, until the owner sets the time', async () => {
    const ledgerClock = createSettableClock();
    await using lamps = await openLamps({ ledgerClock });
    const ledger = await lamps.engine.openLedger();
    ledgerClock.jump(3 * HOUR);
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const refused = await failureOf(drain(lamps.subject.apply(plan)));
    expect(refused.code).toBe('CLOCK_IN_DOUBT');
    expect(refused.next).toContainEqual({ operation: 'accept_time', reason: null });
    await ledger.maintenance.acceptTime({ by: ADA, reason: 'it is right' });
    const again = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    expect((await drain(lamps.subject.apply(again))).result.state).toBe('succeeded');
  });

  it('dates plans, runs, events and requests as the ledger dates its entries', async () => {
    const ledgerClock = createSettableClock();
    await using lamps = await openLamps({ ledgerClock });
    const ledger = await lamps.engine.openLedger();
    ledgerClock.jump(-3 * HOUR);
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { result, events } = await drain(lamps.subject.apply(plan));
    const times = [
      plan.createdAt,
      result.sentAt ?? '',
      result.endedAt,
      ...events.map(({ at }) => at),
      ...(await ledger.audit.list()).map(({ at }) => at),
      (await ledger.runs.get(result.runId)).createdAt,
    ];
    for (const time of times) expect(time).toMatch(/^2026-03-01T12:/u);
  });
});
