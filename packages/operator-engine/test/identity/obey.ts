import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createMachineClock } from '../../src/clock/machine-clock.ts';
import type { LedgerClock } from '../../src/clock/machine-clock.ts';
import { readOsUser } from '../../src/identity/os-user.ts';
import type { Actor } from '../../src/ledger/actor.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { allow, needs, planOf, POLICY } from '../../src/ledger-suite/plans.ts';

const DAY_MS = 24 * 3_600_000;

/** One command to a process that uses a ledger as the user that it runs as. */
export type Command =
  | {
      readonly do: 'ask';
      readonly kind?: Actor['kind'];
      readonly own?: boolean;
      /** Policy allows it; default: it needs one consent. */
      readonly allowed?: boolean;
      /** Milliseconds for which its standing effect is asked for. */
      readonly leaseMs?: number;
      /** The id of the system. */
      readonly system?: string;
    }
  | { readonly do: 'approve'; readonly runId: string; readonly atTerminal?: boolean }
  | {
      readonly do: 'claim' | 'begin' | 'show' | 'reject' | 'cancel' | 'end';
      readonly runId: string;
    }
  /** Prunes what was over a day and a half ago, so many days from now. */
  | { readonly do: 'prune'; readonly inDays: number }
  /** Accepts that a part of the ledger is lost, and lifts the kill switch that this throws. */
  | { readonly do: 'accept'; readonly through: number }
  | { readonly do: 'check' };

/** The clock of this machine, when it has run for so many days more. */
function clockIn(days: number): LedgerClock {
  const machine = createMachineClock();
  const later = days * DAY_MS;
  return {
    boot: machine.boot,
    now: () => machine.now() + later,
    monotonicMs: () => machine.monotonicMs() + later,
  };
}

/** Does what a process of this user would be told to do with the ledger. */
export async function obey(path: string, command: Command): Promise<unknown> {
  const { name } = readOsUser();
  const clock = clockIn(command.do === 'prune' ? command.inDays : 0);
  const state = join(path, '..', '..', 'state');
  const witness = existsSync(state) ? { witness: join(state, name) } : {};
  const ledger = await openLedger({ path, clock, identity: 'files', ...witness });
  try {
    const me: Actor = { kind: 'person', name };
    if (command.do === 'check') return (await ledger.maintenance.check()).problems;
    if (command.do === 'accept') {
      const { through } = command;
      await ledger.maintenance.acceptRollback({ by: me, reason: 'it is lost', through });
      return await ledger.mode.resume({ by: me, reason: 'looked' });
    }
    if (command.do === 'ask') {
      const requester: Actor = { kind: command.kind ?? 'person', name };
      const { leaseMs, allowed = false, own = false, system = 'one' } = command;
      const plan = planOf({ system, ...(leaseMs !== undefined && { lease: 'lamp:1' }) });
      const asked = { plan, requester, expiresInMs: 3_600_000 };
      const { run } = await ledger.runs.create({
        ...asked,
        ...(leaseMs === undefined ? {} : { leaseMs }),
      });
      const decision = allowed ? allow : needs(1, { own });
      return (await ledger.runs.decide(run.id, decision, me)).run;
    }
    if (command.do === 'prune') {
      return await ledger.maintenance.prune(new Date(clock.now() - 1.5 * DAY_MS).toISOString(), me);
    }
    const { runId } = command;
    if (command.do === 'cancel') return await ledger.runs.cancel(runId, { by: me, reason: 'no' });
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
    if (command.do === 'end') {
      return await ledger.leases.beginEnd(runId, { runner, reason: 'now', origin: needs(1) });
    }
    const { decision } = await ledger.runs.get(runId);
    if (decision === null) throw new Error('it is not decided');
    const claimed = await ledger.runs.claim(runId, { runner, decision });
    if (command.do === 'claim' || claimed.outcome !== 'claimed') return claimed;
    return await ledger.runs.intend(runId, { fence: claimed.fence, index: 0 });
  } finally {
    await ledger.close();
  }
}
