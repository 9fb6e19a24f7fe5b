import { readOsUser } from '../../src/identity/os-user.ts';
import type { Actor } from '../../src/ledger/actor.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { needs, planOf, POLICY } from '../ledger/plans.ts';

/** One command to a process that uses a ledger as the user that it runs as. */
export type Command =
  | { readonly do: 'ask'; readonly kind?: Actor['kind']; readonly own?: boolean }
  | { readonly do: 'approve'; readonly runId: string; readonly atTerminal?: boolean }
  | { readonly do: 'claim' | 'show' | 'reject'; readonly runId: string }
  | { readonly do: 'check' };

/** Does what a process of this user would be told to do with the ledger. */
export async function obey(path: string, command: Command): Promise<unknown> {
  const { name } = readOsUser();
  const ledger = await openLedger({ path, identity: 'files' });
  try {
    const me: Actor = { kind: 'person', name };
    if (command.do === 'check') return (await ledger.maintenance.check()).problems;
    if (command.do === 'ask') {
      const requester: Actor = { kind: command.kind ?? 'person', name };
      const plan = planOf();
      const { run } = await ledger.runs.create({ plan, requester, expiresInMs: 3_600_000 });
      return (await ledger.runs.decide(run.id, needs(1, { own: command.own ?? false }), me)).run;
    }
    const { runId } = command;
    if (command.do === 'show') return await ledger.runs.get(runId);
    if (command.do === 'reject') {
      return await ledger.approvals.reject({ runId, by: me, reason: 'no' });
    }
    if (command.do === 'approve') {
      const { digest } = await ledger.runs.get(runId);
      const { atTerminal = true } = command;
      const given = { runId, digest, approver: me, policyVersion: POLICY, atTerminal };
      return await ledger.approvals.approve(given);
    }
    const runner = { id: `${name}-${process.pid}`, actor: me, role: 'command' } as const;
    const { decision } = await ledger.runs.get(runId);
    if (decision === null) throw new Error('it is not decided');
    return await ledger.runs.claim(runId, { runner, decision });
  } finally {
    await ledger.close();
  }
}
