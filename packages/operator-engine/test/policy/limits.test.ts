import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from 'operator-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import type { ClaimAnswer } from '../../src/ledger/claim.ts';
import { decide } from '../../src/policy/decide.ts';
import { loadPolicy, parsePolicy } from '../../src/policy/load-policy.ts';
import type { LoadedPolicy } from '../../src/policy/policy.ts';
import { limitsFor } from '../../src/policy/run-limits.ts';
import { ADA, NOON, planOf, policyOf, rule } from './support.ts';

const ALLOW = `rules:\n${rule('yes', 'allow')}`;
const terms = { requester: ADA, mode: 'autonomous', purpose: 'change', now: NOON } as const;

/** A plan for one lamp of so many. */
function lamp(id: number, lamps?: Plan['evidence']['shown'][number]['value']): Plan {
  const resource = `lamp:${id}`;
  return planOf({
    effects: [{ resource, description: 'on' }],
    resources: [{ resource, mode: 'exclusive' }],
    evidence: {
      bound: [],
      shown: lamps === undefined ? [] : [{ name: 'lamps', value: lamps, unit: 'count' }],
    },
  });
}

describe('the limits of a policy', () => {
  it('are the default ones where the file says nothing', () => {
    expect(limitsFor(policyOf(ALLOW), { plan: planOf(), purpose: 'change' })).toEqual(
      limitsFor(loadPolicy(null), { plan: planOf(), purpose: 'change' }),
    );
  });

  it('are those of the file, and none where it says so', () => {
    const text = `${ALLOW}limits:\n  runsAtOnce: 1\n  runsPerHour: none\n  cooldown: 90s\n  failures: { count: 5, block: 2h }\n  resourcesAtOnce: [{ kind: lamp, most: 2 }, { kind: fuse, most: 1 }]\n`;
    expect(limitsFor(policyOf(text), { plan: planOf(), purpose: 'change' })).toEqual({
      runsAtOnce: 1,
      cooldownMs: 90_000,
      failures: { count: 5, blockMs: 7_200_000 },
      resourcesAtOnce: [{ kind: 'lamp', most: 2 }],
    });
    const none = `${ALLOW}limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }\n`;
    expect(limitsFor(policyOf(none), { plan: planOf(), purpose: 'change' })).toEqual({});
  });

  it('let what ends an effect through, and an undo without resting', () => {
    const policy = policyOf(`${ALLOW}limits: { resourcesAtOnce: [{ kind: lamp, most: 2 }] }\n`);
    const plan = planOf();
    expect(limitsFor(policy, { plan, purpose: 'lease_end' })).toEqual({});
    expect(limitsFor(policy, { plan, purpose: 'cancel' })).toEqual({});
    expect(limitsFor(policy, { plan, purpose: 'undo' })).toEqual({
      runsAtOnce: 5,
      runsPerHour: 60,
      resourcesAtOnce: [{ kind: 'lamp', most: 2 }],
    });
  });

  it('let nothing through where the policy cannot be used', () => {
    const broken = parsePolicy('', '/policies/policy.yaml');
    expect(limitsFor(broken, { plan: planOf(), purpose: 'change' })).toEqual({
      runsAtOnce: 0,
      runsPerHour: 0,
    });
  });
});

describe('a share of a kind of resource', () => {
  const share = (part: number, more = ''): LoadedPolicy =>
    policyOf(
      `${ALLOW}limits: { resourcesAtOnce: [{ kind: lamp, share: ${part}, of: lamps${more} }] }\n`,
    );

  it.each([
    [0.25, 8, 2],
    [0.25, 11, 2],
    [0.29, 100, 29],
    [0.1, 30, 3],
    [1, 5, 5],
  ])('%d of %d is %d', (part, lamps, most) => {
    const plan = lamp(1, lamps);
    const policy = share(part);
    expect(limitsFor(policy, { plan, purpose: 'change' }).resourcesAtOnce).toEqual([
      { kind: 'lamp', most },
    ]);
    expect(decide({ plan, policy, ...terms }).kind).toBe('allow');
  });

  it('is held by the number beside it', () => {
    const limits = limitsFor(share(0.5, ', most: 3'), { plan: lamp(1, 100), purpose: 'change' });
    expect(limits.resourcesAtOnce).toEqual([{ kind: 'lamp', most: 3 }]);
  });

  it.each([
    [undefined, 'lamps is not known (the plan does not say it)'],
    [{ unknown: 'nobody counted' }, 'lamps is not known (nobody counted)'],
    ['many', 'lamps is not known (the plan does not say it)'],
    [3, 'A share of 0.25 of 3 lamps is less than one lamp.'],
    [0, 'A share of 0.25 of 0 lamps is less than one lamp.'],
  ])('of %j denies and says why', (lamps, words) => {
    const plan = lamp(1, lamps);
    const decision = decide({ plan, policy: share(0.25), ...terms });
    expect(decision.kind).toBe('deny');
    expect(decision.reasons[0]).toMatch(/^Limit \(policy\.yaml:3\): /u);
    expect(decision.reasons[0]).toContain(words);
    expect(limitsFor(share(0.25), { plan, purpose: 'change' }).resourcesAtOnce).toEqual([
      { kind: 'lamp', most: 0 },
    ]);
  });

  it('concerns only plans that disturb the kind', () => {
    const plan = planOf({
      effects: [],
      resources: [
        { resource: 'fuse:1', mode: 'exclusive' },
        { resource: 'lamp:1', mode: 'shared' },
      ],
    });
    expect(limitsFor(share(0.25), { plan, purpose: 'change' })).not.toHaveProperty(
      'resourcesAtOnce',
    );
    expect(decide({ plan, policy: share(0.25), ...terms }).kind).toBe('allow');
  });
});

describe('in the ledger', () => {
  let directory: string;
  let ledger: Ledger;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'operator-limits-'));
    ledger = await openLedger({ path: join(directory, 'ledger.db') });
  });

  afterEach(async () => {
    await ledger.close();
    rmSync(directory, { recursive: true });
  });

  async function claim(plan: Plan, policy: LoadedPolicy): Promise<ClaimAnswer> {
    const runner = { id: 'r1', actor: { kind: 'runner', name: 'watch' }, role: 'watch' } as const;
    const { run } = await ledger.runs.create({ plan, requester: ADA, expiresInMs: 60_000 });
    const decision = decide({ plan, policy, ...terms });
    const { run: decided } = await ledger.runs.decide(run.id, decision, ADA);
    expect(decided).toMatchObject({ state: 'approved', decision });
    const limits = limitsFor(policy, { plan, purpose: 'change' });
    return ledger.runs.claim(run.id, { runner, decision, limits });
  }

  it('a share holds what may be disturbed at once', async () => {
    const policy = policyOf(
      `${ALLOW}limits: { resourcesAtOnce: [{ kind: lamp, share: 0.4, of: lamps }] }\n`,
    );
    expect((await claim(lamp(1, 5), policy)).outcome).toBe('claimed');
    expect((await claim(lamp(2, 5), policy)).outcome).toBe('claimed');
    expect(await claim(lamp(3, 5), policy)).toMatchObject({
      outcome: 'limited',
      reached: { limit: 'resourcesAtOnce', most: 2, count: 3, resource: 'lamp' },
    });
  });

  it('the runs at once are counted', async () => {
    const policy = policyOf(`${ALLOW}limits: { runsAtOnce: 1 }\n`);
    expect((await claim(lamp(1), policy)).outcome).toBe('claimed');
    expect(await claim(lamp(2), policy)).toMatchObject({
      outcome: 'limited',
      reached: { limit: 'runsAtOnce', most: 1 },
    });
  });

  it('a decision waits for people exactly as the rules ask', async () => {
    const rules = rule('ask', 'needs_approval', '{}', ', approval: { count: 2, from: [ben, eve] }');
    const policy = policyOf(`rules:\n${rules}`);
    const plan = lamp(1);
    const { run } = await ledger.runs.create({ plan, requester: ADA, expiresInMs: 60_000 });
    const decision = decide({ plan, policy, ...terms });
    await ledger.runs.decide(run.id, decision, ADA);
    const approval = { runId: run.id, digest: plan.digest, policyVersion: policy.version };
    await expect(ledger.approvals.approve({ ...approval, approver: ADA })).rejects.toMatchObject({
      code: 'APPROVAL_REFUSED',
    });
    for (const name of ['ben', 'eve']) {
      await ledger.approvals.approve({ ...approval, approver: { kind: 'person', name } });
    }
    expect((await ledger.runs.get(run.id)).state).toBe('approved');
  });
});
