import { describe, expect, test } from 'vitest';
import type { HandMember } from './by-hand.ts';
import { LiveCluster } from './cluster.ts';
import { reasonToSkip } from './needs.ts';

/** A doctor that needs longer tells of an outage too late. */
const DOCTOR_MS = 5_000;
/** Less than the time for which reads wait for an election. */
const READ_MS = 15_000;

const cluster = new LiveCluster();
const skipped = await reasonToSkip({ hooks: ['killMember', 'startMember'], members: 3 });

/** Kills members until less than half are left. Returns how many are. */
async function loseQuorum(): Promise<{ readonly left: number; readonly all: number }> {
  const { members } = await cluster.hand.read<{ members: readonly HandMember[] }>('members');
  const lost = Math.floor(members.length / 2) + 1;
  for (const { name } of members.slice(0, lost)) await cluster.faults.killMember(name);
  return { left: members.length - lost, all: members.length };
}

describe.skipIf(skipped !== '')(`PD has lost its quorum${skipped}`, () => {
  test('the doctor says so within five seconds, and raises no false alarm', async () => {
    await cluster.subject.diagnose();
    const { left, all } = await loseQuorum();
    const began = performance.now();
    const found = await cluster.subject.diagnose();
    const elapsedMs = performance.now() - began;
    const text = found.map(({ check, state, message }) => `${check} ${state}: ${message}`);
    expect(text.join('\n')).toMatch(new RegExp(`${left} of ${all} PD members answer`, 'u'));
    expect(found.filter(({ check, state }) => check === 'clock' && state !== 'ok')).toEqual(
      found.filter(({ check, state }) => check === 'clock' && state === 'unknown'),
    );
    expect(elapsedMs).toBeLessThan(DOCTOR_MS);
  });

  test('reads and plans end soon with that reason, and nothing is sent', async () => {
    const { regionId, follower } = await cluster.movable();
    const { left, all } = await loseQuorum();
    const reason = new RegExp(`${left} of ${all} PD members answer`, 'u');
    for (const ask of [
      () => cluster.subject.observe('stores', {}),
      () => cluster.subject.plan('transfer_leader', { region_id: regionId, to_store_id: follower }),
    ]) {
      const began = performance.now();
      const error = await ask().then(
        (value) => new Error(`answered: ${JSON.stringify(value)}`),
        (reasonWhy: unknown) => reasonWhy,
      );
      expect(String(error)).toMatch(reason);
      expect(performance.now() - began).toBeLessThan(READ_MS);
    }
    expect(cluster.site.changes()).toEqual([]);
  });
});
