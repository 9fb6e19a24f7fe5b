// A process of its own that uses a ledger, for tests of many processes: tells what it did in a log
// that every process appends to, line by line, as the outside world would see it.
import { appendFileSync, readFileSync } from 'node:fs';
import type { Plan } from 'operator-core';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { allow, ann, planOf, runner } from '../../src/ledger-suite/plans.ts';

const [task, file = '', log = '', plansFile = ''] = process.argv.slice(2);
const me = runner(`worker-${process.pid}`);

function tell(...words: readonly (string | number)[]): void {
  appendFileSync(log, `${words.join(' ')}\n`);
}

/** Takes a plan as far as the ledger lets it. Returns how the claim ended. */
async function carryOut(ledger: Ledger, plan: Plan): Promise<string> {
  const { runs } = ledger;
  const { run } = await runs.create({ plan, requester: ann, expiresInMs: 600_000 });
  await runs.decide(run.id, allow, ann);
  const claim = await runs.claim(run.id, { runner: me, decision: allow });
  if (claim.outcome !== 'claimed') return claim.outcome;
  const { fence } = claim;
  const lock = plan.resources[0]?.resource ?? 'nothing';
  tell('enter', lock, fence, run.id);
  for (const index of plan.requests.keys()) {
    const answer = await runs.intend(run.id, { fence, index });
    if (answer.outcome !== 'may_send') throw new Error(`stopped by ${answer.outcome}`);
    tell('sent', run.id, index, plan.digest);
    await runs.recordResult(
      run.id,
      { fence, index },
      { outcome: 'accepted', status: 200, answer: 'ok' },
    );
  }
  await runs.move(run.id, { fence, to: 'verifying' });
  tell('leave', lock, fence, run.id);
  await runs.move(run.id, { fence, to: 'succeeded' });
  return 'done';
}

/** Every plan of a list, each as long as something else is in its way. */
async function race(ledger: Ledger): Promise<void> {
  const plans = JSON.parse(readFileSync(plansFile, 'utf8')) as readonly Plan[];
  for (const plan of plans) {
    for (;;) {
      const outcome = await carryOut(ledger, plan);
      if (outcome !== 'held') break;
    }
  }
}

/** Runs until the process is killed. */
async function churn(ledger: Ledger): Promise<void> {
  for (let round = 0; ; round += 1) {
    const lock = `lamp:${round % 3}`;
    await carryOut(ledger, planOf({ lock: [lock], requests: 3, lease: lock }));
    const [run] = await ledger.runs.list({ limit: 1 });
    const lease = run === undefined ? null : (await ledger.runs.get(run.id)).lease;
    if (lease?.state === 'active') {
      await ledger.leases.beginEnd(lease.runId, { runner: me, reason: 'enough' });
    }
  }
}

async function open(): Promise<void> {
  const ledger = await openLedger({ path: file });
  tell('opened', ledger.id);
  await ledger.close();
}

/** Until there is no space left; prints the code that says so. */
async function fill(ledger: Ledger): Promise<void> {
  const details = { text: 'x'.repeat(4_000) };
  try {
    for (;;) await ledger.audit.recordRefusal({ actor: ann, reason: 'fill', details });
  } catch (error) {
    process.stdout.write(JSON.stringify({ error }));
  }
}

if (task === 'open') {
  await open();
} else {
  const ledger = await openLedger({ path: file });
  if (task === 'churn') tell('ready', process.pid);
  if (task === 'race') await race(ledger);
  if (task === 'churn') await churn(ledger);
  if (task === 'fill') await fill(ledger);
  await ledger.close();
}
