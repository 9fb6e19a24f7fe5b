import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { ADA, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

/** Another configuration for the same subject and ledger: it names this policy, or none. */
async function openWith(lamps: Lamps, policy: string | null) {
  const config: Record<string, unknown> = JSON.parse(
    readFileSync(join(lamps.directory, 'operator.config.json'), 'utf8'),
  );
  const { policy: _, ...rest } = config;
  const own = join(lamps.directory, 'own.config.json');
  writeFileSync(own, JSON.stringify(policy === null ? rest : { ...rest, policy }));
  return openEngine({
    cwd: lamps.directory,
    configPath: own,
    env: {},
    hostUrl: import.meta.url,
    actor: ADA,
  });
}

describe('a ledger that is bound to its policy', () => {
  it.each([
    ['no policy', null],
    ['a policy of its own', './own.policy.yaml'],
  ])('refuses every change of a configuration with %s', async (_, policy) => {
    await using lamps = await openLamps();
    await drain(lamps.subject.apply(await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 })));
    const rules = 'rules:\n  - { id: all, when: {}, decision: allow, reason: Mine. }\n';
    writeFileSync(join(lamps.directory, 'own.policy.yaml'), rules);
    const engine = await openWith(lamps, policy);
    const subject = await engine.openSubject();
    const plan = await planOf(subject, 'switch_lamp', { lamp_id: 2 });
    const error = await failureOf(drain(subject.apply(plan)));
    expect(error.code).toBe('LEDGER_POLICY_DIFFERS');
    expect(lamps.house.changes).toHaveLength(1);
    await engine.close();
  });
});
