import {
  chmodSync,
  chownSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyOwnersAreUnknown } from '../../src/proofs/owner-keeping.ts';
import { forge } from './forge.ts';
import { ASKER, canBecomeOthers, canUnshare, FRIEND, SharedLedger, STRANGER } from './users.ts';

const isRoot = canBecomeOthers();
const hasNamespaces = isRoot && canUnshare();
if (!hasNamespaces) {
  console.warn('SKIPPED: proofs of identity need root, and user namespaces for a part of them.');
}

let ledger: SharedLedger;
beforeEach(() => {
  ledger = new SharedLedger();
});
afterEach(() => ledger.remove());

/** Code that makes a process lie about its user and the owners of files. */
const IMPOSTOR = `
const fs = require('node:fs');
const stat = fs.fstatSync;
process.geteuid = process.getuid = () => 0;
require('node:os').userInfo = () => ({ username: 'root', uid: 0 });
const open = fs.openSync;
const opened = new Map();
fs.openSync = (file, ...rest) => {
  const descriptor = open(file, ...rest);
  opened.set(descriptor, String(file));
  return descriptor;
};
fs.fstatSync = (descriptor, ...rest) => {
  const found = stat(descriptor, ...rest);
  const file = opened.get(descriptor) ?? '';
  if (file.includes('.consent.')) found.uid = 0;
  if (file.includes('.request.')) found.uid = ${ASKER};
  return found;
};
const read = fs.readFileSync;
fs.readFileSync = (file, ...rest) =>
  file === '/proc/self/uid_map' ? '0 0 4294967295' : read(file, ...rest);
require('node:module').syncBuiltinESMExports();
`;

function impostor(): Record<string, string> {
  const file = join(ledger.folder, '..', 'impostor.cjs');
  writeFileSync(file, IMPOSTOR);
  return { NODE_OPTIONS: `--require ${file}` };
}

const TEN_MINUTES = 600_000;
/** A hundred years. */
const FOR_EVER = 3_153_600_000_000;

function edit(sql: string): void {
  const database = new DatabaseSync(ledger.path);
  database.exec(sql);
  database.close();
}

function proofOf(runId: string, kind: 'request' | 'consent'): string {
  const name = readdirSync(ledger.proofs).find((one) => one.startsWith(`${runId}.${kind}.`));
  return join(ledger.proofs, name ?? 'none');
}

/** The kinds of the proofs of a run, in order. */
function proofsOf(runId: string): readonly string[] {
  return readdirSync(ledger.proofs)
    .filter((name) => name.startsWith(runId))
    .map((name) => name.split('.')[1] ?? '')
    .toSorted();
}

/** The id of a run of the asker that the friend has approved. */
function approved(): string {
  const runId = ledger.ask(ASKER, { leaseMs: TEN_MINUTES });
  const { run } = ledger.as({ uid: FRIEND }, { do: 'approve', runId });
  expect(run?.state).toBe('approved');
  return runId;
}

/** Edits of a row, each with the statement that takes it back. */
const EDITS = [
  [
    'another approver',
    `UPDATE approval SET approver_name = 'uid:${STRANGER}'`,
    `UPDATE approval SET approver_name = 'uid:${FRIEND}'`,
  ],
  [
    'holds longer',
    'UPDATE approval SET expires_at = expires_at + 3600000',
    'UPDATE approval SET expires_at = expires_at - 3600000',
  ],
  [
    'given later',
    'UPDATE approval SET given_at = given_at + 60000, expires_at = expires_at + 60000',
    'UPDATE approval SET given_at = given_at - 60000, expires_at = expires_at - 60000',
  ],
  [
    'other rules',
    "UPDATE approval SET policy_version = 'policy-0'",
    "UPDATE approval SET policy_version = 'policy-1'",
  ],
  [
    'a file elsewhere',
    "UPDATE approval SET proof = '../' || proof",
    'UPDATE approval SET proof = substr(proof, 4)',
  ],
  [
    'another requester',
    `UPDATE run SET requester_name = 'uid:${STRANGER}'`,
    `UPDATE run SET requester_name = 'uid:${ASKER}'`,
  ],
  [
    'another kind of requester',
    "UPDATE run SET requester_kind = 'program'",
    "UPDATE run SET requester_kind = 'person'",
  ],
  [
    'a purpose with other rights',
    "UPDATE run SET purpose = 'cancel'",
    "UPDATE run SET purpose = 'change'",
  ],
  ['the run of another', "UPDATE run SET of_run = 'other'", 'UPDATE run SET of_run = NULL'],
  ['a longer lease', 'UPDATE run SET lease_ms = 3153600000000', 'UPDATE run SET lease_ms = 600000'],
  ['a lease without end', 'UPDATE run SET lease_ms = NULL', 'UPDATE run SET lease_ms = 600000'],
  [
    'another condition',
    `UPDATE run SET condition = '{"text":"rows=0"}'`,
    'UPDATE run SET condition = NULL',
  ],
  [
    'begun before it was asked',
    'UPDATE run SET expires_at = expires_at - 60000',
    'UPDATE run SET expires_at = expires_at + 60000',
  ],
] as const;

type Change = readonly [string, (file: string) => void, (file: string) => void];

/** Changes of a file, each with its reversal. */
const CHANGES: readonly Change[] = [
  ['others may write it', (file) => chmodSync(file, 0o666), (file) => chmodSync(file, 0o644)],
  ['another owns it', (file) => chownSync(file, ASKER, 0), (file) => chownSync(file, FRIEND, 0)],
  [
    'it has a second name',
    (file) => linkSync(file, `${file}.second`),
    (file) => rmSync(`${file}.second`),
  ],
  [
    'it is a link',
    (file) => {
      renameSync(file, `${file}.moved`);
      symlinkSync(`${file}.moved`, file);
    },
    (file) => renameSync(`${file}.moved`, file),
  ],
  [
    'it is gone',
    (file) => renameSync(file, `${file}.moved`),
    (file) => renameSync(`${file}.moved`, file),
  ],
  [
    'it says something else',
    (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('approved', 'approvex')),
    (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('approvex', 'approved')),
  ],
];

describe.runIf(isRoot)('a consent', () => {
  it('counts as its file’s owner, in the process of another user', async () => {
    const runId = approved();
    expect(statSync(proofOf(runId, 'request')).uid).toBe(ASKER);
    expect(statSync(proofOf(runId, 'consent')).uid).toBe(FRIEND);
    expect(ledger.as({ uid: STRANGER }, { do: 'claim', runId }).outcome).toBe('claimed');
    expect(await ledger.do({ do: 'check' })).toEqual([]);
  });

  it('of a process that pretends to be root counts for nothing elsewhere, and is found out', async () => {
    const runId = ledger.ask(ASKER);
    const env = impostor();
    expect(ledger.as({ uid: ASKER, env }, { do: 'approve', runId }).run?.state).toBe('approved');
    const claimed = await ledger.do({ do: 'claim', runId });
    expect(claimed).toMatchObject({ outcome: 'unproven', isBlind: false });
    expect(claimed.why?.[0]).toContain(
      `the consent of root is not proven: the proof belongs to uid:${ASKER}`,
    );
    // The impostor may accept its own proof; no other process does.
    expect(ledger.as({ uid: ASKER, env }, { do: 'claim', runId }).outcome).toBe('claimed');
    expect(await ledger.do({ do: 'check' })).toMatchObject([
      expect.stringContaining('the consent of root'),
      expect.stringContaining('it needs 1 consents, and 0 are proven'),
    ]);
    expect((await ledger.do({ do: 'show', runId })).approvals?.[0]?.unproven).toContain(
      'the proof belongs to',
    );
  });

  it('starts nothing when its row, or that of its run, was edited', async () => {
    const runId = approved();
    for (const [how, there, back] of EDITS) {
      edit(there);
      expect((await ledger.do({ do: 'claim', runId })).outcome, how).toBe('unproven');
      edit(back);
    }
  });

  it('to ten minutes is not carried out as a lease of a hundred years, whatever the audit says', async () => {
    const runId = approved();
    const sql = `UPDATE run SET lease_ms = ${FOR_EVER}`;
    const actor = { kind: 'person', name: `uid:${STRANGER}` } as const;
    await forge(ledger.path, { sql, runId, kind: 'run_noted', actor });
    const claimed = await ledger.do({ do: 'claim', runId });
    expect(claimed).toMatchObject({ outcome: 'unproven' });
    const fields = `leaseMs is ${FOR_EVER} in the ledger and ${TEN_MINUTES} in the proof`;
    expect(claimed.why?.[0]).toContain(fields);
    expect(await ledger.do({ do: 'check' })).toMatchObject([expect.stringContaining(fields)]);
  });

  it('is not asked for to a run whose lease was made longer than the requester asked for', () => {
    const runId = ledger.ask(ASKER, { leaseMs: TEN_MINUTES });
    edit(`UPDATE run SET lease_ms = ${FOR_EVER}`);
    const { error } = ledger.as({ uid: FRIEND }, { do: 'approve', runId });
    expect(error).toMatchObject({ code: 'APPROVAL_REFUSED' });
    expect(error?.facts.because).toBe('request_not_proven');
  });

  it('starts nothing when the digest of its run was edited', async () => {
    const runId = approved();
    edit("UPDATE run SET digest = digest || '0'");
    expect((await ledger.do({ do: 'claim', runId })).outcome).toBe('unproven');
  });

  it('starts nothing when its file can be another’s', async () => {
    const runId = approved();
    const file = proofOf(runId, 'consent');
    for (const [how, there, back] of CHANGES) {
      there(file);
      expect((await ledger.do({ do: 'claim', runId })).outcome, how).toBe('unproven');
      back(file);
    }
    expect((await ledger.do({ do: 'claim', runId })).outcome).toBe('claimed');
  });

  it('starts nothing when a user who does not own the ledger owns the folder of the proofs', async () => {
    const runId = approved();
    const { uid } = statSync(ledger.proofs);
    chownSync(ledger.proofs, STRANGER, -1);
    expect((await ledger.do({ do: 'claim', runId })).outcome).toBe('unproven');
    chownSync(ledger.proofs, uid, -1);
    expect((await ledger.do({ do: 'claim', runId })).outcome).toBe('claimed');
  });

  it('is not taken from one run to another', async () => {
    const first = approved();
    const second = ledger.ask(ASKER);
    edit(
      `INSERT INTO approval SELECT '${second}', approver_kind, approver_name, policy_version, given_at,
         expires_at, consumed_at, comment, proof, at_terminal, approver_for FROM approval WHERE run_id = '${first}';
       UPDATE run SET state = 'approved' WHERE id = '${second}'`,
    );
    expect(await ledger.do({ do: 'claim', runId: second })).toMatchObject({ outcome: 'unproven' });
  });

  it('that was used stays used when an older copy of the ledger is put back', async () => {
    const runId = approved();
    const putBack = ledger.copy();
    expect((await ledger.do({ do: 'claim', runId })).outcome).toBe('claimed');
    putBack();
    const again = await ledger.do({ do: 'claim', runId });
    expect(again).toMatchObject({ outcome: 'unproven' });
    expect(again.why?.[0]).toContain('used up before');
  });

  it.each(['cancel', 'reject'] as const)(
    'to a run that was withdrawn (%s) starts nothing when an older copy is put back',
    async (withdraw) => {
      // The folder of the proofs belongs to neither of those who withdraw: the consent stays.
      ledger.ask(STRANGER);
      const runId = withdraw === 'cancel' ? approved() : ledger.ask(ASKER);
      const putBack = ledger.copy();
      ledger.as({ uid: ASKER }, { do: withdraw, runId });
      putBack();
      const approval = ledger.as({ uid: FRIEND }, { do: 'approve', runId });
      expect(approval.error?.code).toBe(
        withdraw === 'cancel' ? 'RUN_STATE_CONFLICT' : 'APPROVAL_REFUSED',
      );
      edit("UPDATE run SET state = 'approved', approvals_needed = 0");
      const claimed = await ledger.do({ do: 'claim', runId });
      expect(claimed).toMatchObject({ outcome: 'unproven' });
      expect(claimed.why?.[0]).toMatch(/it was withdrawn at .* by uid:4001/u);
      const problems = (await ledger.do({ do: 'check' })) as unknown as readonly string[];
      expect(problems.join('\n')).toContain(`of run ${runId}: it was withdrawn`);
    },
  );

  it('is not pruned by a user who does not own the ledger', () => {
    ledger.ask(ASKER);
    const { error } = ledger.as({ uid: STRANGER }, { do: 'prune', inDays: 3 });
    expect(error?.code).toBe('LEDGER_NOT_YOURS');
  });

  it('leaves no proof behind when its run is cancelled, or pruned', async () => {
    const cancelled = approved();
    await ledger.do({ do: 'cancel', runId: cancelled });
    expect(proofsOf(cancelled)).toEqual(['request', 'withdrawal']);
    const used = approved();
    expect((await ledger.do({ do: 'claim', runId: used })).outcome).toBe('claimed');
    expect(proofsOf(used)).toEqual(['claim', 'consent', 'request']);
    await ledger.do({ do: 'prune', inDays: 3 });
    expect(proofsOf(cancelled)).toEqual([]);
    expect(proofsOf(used), 'of a run that is not over').toHaveLength(3);
  });

  it('leaves no proof behind when the run is rejected', async () => {
    const runId = ledger.ask(ASKER);
    edit('UPDATE run SET approvals_needed = 2');
    ledger.as({ uid: FRIEND }, { do: 'approve', runId });
    expect(statSync(proofOf(runId, 'consent')).isFile()).toBe(true);
    expect((await ledger.do({ do: 'reject', runId })).state).toBe('rejected');
    expect(readdirSync(ledger.proofs).filter((name) => name.includes('consent'))).toEqual([]);
  });

  it('cannot be removed by others of the group', async () => {
    const runId = approved();
    expect(statSync(ledger.proofs).mode & 0o7777).toBe(0o3770);
    expect(statSync(proofOf(runId, 'consent')).mode & 0o777).toBe(0o644);
  });
});

describe.runIf(isRoot)('a lease that people have consented to', () => {
  it('is ended by another user than has begun it, for as long as its proofs are there', async () => {
    const runId = approved();
    expect(ledger.as({ uid: STRANGER }, { do: 'claim', runId }).outcome).toBe('claimed');
    const proof = proofOf(runId, 'consent');
    renameSync(proof, `${proof}.moved`);
    expect(await ledger.do({ do: 'end', runId })).toMatchObject({
      outcome: 'unproven',
      why: ['it needs 1 consents, and 0 are proven'],
    });
    renameSync(`${proof}.moved`, proof);
    expect(await ledger.do({ do: 'end', runId })).toMatchObject({ outcome: 'begun' });
  });
});

describe.runIf(isRoot)('a run that policy allows', () => {
  it('is begun once, also when an older copy of the ledger is put back', async () => {
    const runId = ledger.ask(ASKER, { allowed: true });
    const putBack = ledger.copy();
    expect((await ledger.do({ do: 'claim', runId })).outcome).toBe('claimed');
    putBack();
    expect(await ledger.do({ do: 'claim', runId })).toMatchObject({ outcome: 'unproven' });
  });

  it('is not begun after the time for which it was asked', async () => {
    const runId = ledger.ask(ASKER, { allowed: true });
    edit('UPDATE run SET expires_at = expires_at + 86400000');
    const claimed = await ledger.do({ do: 'claim', runId });
    expect(claimed).toMatchObject({ outcome: 'unproven' });
    expect(claimed.why?.[0]).toContain('expiresAt is');
  });
});

describe.runIf(isRoot)('a run under the account of its approver', () => {
  it.each(['agent', 'program'] as const)(
    'that an %s asked for is not approved by it',
    async (kind) => {
      const runId = ledger.ask(ASKER, { kind, own: true });
      const own = ledger.as({ uid: ASKER }, { do: 'approve', runId });
      expect(own.error).toMatchObject({
        code: 'APPROVAL_REFUSED',
        facts: { because: 'approver_is_requester' },
      });
      edit("UPDATE run SET requester_kind = 'person'");
      const edited = ledger.as({ uid: ASKER }, { do: 'approve', runId });
      expect(edited.error?.facts.because).toBe('request_not_proven');
      edit(`UPDATE run SET requester_kind = '${kind}'`);
      expect(ledger.as({ uid: FRIEND }, { do: 'approve', runId }).run?.state).toBe('approved');
    },
  );

  it('is approved by a person who asked for it, where the rule says so, at a terminal alone', async () => {
    const runId = ledger.ask(ASKER, { own: true });
    const script = ledger.as({ uid: ASKER }, { do: 'approve', runId, atTerminal: false });
    expect(script.error?.facts.because).toBe('not_at_terminal');
    expect(ledger.as({ uid: ASKER }, { do: 'approve', runId }).run?.state).toBe('approved');
    expect((await ledger.do({ do: 'claim', runId })).outcome).toBe('claimed');
  });
});

describe.runIf(hasNamespaces)('in a user namespace', () => {
  const before = ['unshare', '-U', '-r', '-m'];

  it('no consent is given, whatever the process believes to be', async () => {
    const runId = ledger.ask(ASKER);
    const asRoot = ledger.as({ uid: ASKER, before }, { do: 'approve', runId });
    expect(asRoot.error).toMatchObject({
      code: 'APPROVAL_REFUSED',
      facts: { because: 'not_provable' },
    });
    const env = impostor();
    ledger.as({ uid: ASKER, before, env }, { do: 'approve', runId });
    expect(await ledger.do({ do: 'claim', runId })).toMatchObject({
      outcome: 'unproven',
      isBlind: false,
    });
  });

  it('a process starts nothing that people had to approve, and leaves it to others', async () => {
    const runId = approved();
    const blind = ledger.as({ uid: STRANGER, before }, { do: 'claim', runId });
    expect(blind).toMatchObject({ outcome: 'unproven', isBlind: true });
    expect((await ledger.do({ do: 'claim', runId })).outcome).toBe('claimed');
  });
});

it.runIf(process.platform === 'linux')('a file system that keeps no owners is named', async () => {
  expect(whyOwnersAreUnknown('/proc')).toContain('0x9fa0');
});
