import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runId } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';
import { needsApproval, usePolicy } from '../support/policy.ts';
import { tamper } from '../support/tamper.ts';

const house = useHouse();

/** As much of the documents as the tests look into. */
interface Document {
  readonly entries: readonly { readonly kind: string }[];
  readonly runs: unknown;
  readonly isIntact: boolean;
}

async function json(...argv: string[]): Promise<{ exitCode: number; document: Document }> {
  const { exitCode, stdout } = await house.operator([...argv, '--output', 'json']);
  return { exitCode, document: JSON.parse(stdout) };
}

describe('operator audit', () => {
  it('lists the newest entries in the order they were written, and filters', async () => {
    const first = await runId(house, ['switch_lamp', '--lamp-id', '1']);
    await house.operator(['stop', '--reason', 'smoke'], { user: 'ben' });
    const { stdout } = await house.operator(['audit', 'list']);
    expect(stdout.indexOf('asked for: Switch lamp 1 on.')).toBeLessThan(
      stdout.indexOf('everything stopped: smoke (by ben)'),
    );
    const kinds = async (...argv: string[]): Promise<string[]> => {
      const { document } = await json('audit', 'list', ...argv);
      return document.entries.map(({ kind }) => kind);
    };
    expect(await kinds('--by', 'ben')).toEqual(['stopped']);
    expect(await kinds('--kind', 'request_intended')).toEqual(['request_intended']);
    expect(await kinds('--run', first, '--limit', '1')).toEqual(['run_moved']);
    expect(await kinds('--until', '2020-01-01')).toEqual([]);
    expect((await kinds('--since', '2020-01-01')).length).toBeGreaterThan(5);
  });

  it('records requests that were refused without a run, but no plans that were only shown', async () => {
    const unknown = ['switch_lamp', '--lamp-id', '99'];
    await house.operator(['mode', 'set', 'autonomous', '--reason', 'a ledger is there']);
    await house.operator(['plan', ...unknown]);
    expect((await house.operator(['audit', 'list', '--kind', 'plan_refused'])).stdout).toBe(
      'none\n',
    );
    await house.operator(['run', ...unknown, '--yes']);
    expect((await house.operator(['audit', 'list', '--kind', 'plan_refused'])).stdout).toMatch(
      /run: switch_lamp on home, LAMP_UNKNOWN: There is no lamp 99\. \(by ann\)\n$/u,
    );
  });

  it('exports everything, one entry a line', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const { stdout } = await house.operator(['audit', 'export', '--output', 'ndjson']);
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
    expect(entries[0]).toMatchObject({ format: 'operator.audit_entry/1', kind: 'ledger_created' });
    const heads = new Map<string, string>();
    for (const { chain, previous, hash } of entries) {
      expect(previous).toBe(heads.get(chain) ?? previous);
      heads.set(chain, hash);
    }
    expect([...heads.keys()]).toEqual(['root', 'house:7462183643873562342']);
  });

  it('verifies, and says where something was changed: 8', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const intact = await house.operator(['audit', 'verify']);
    expect(intact.stdout).toMatch(
      /^Intact: \d+ entries, 1 to \d+, in 2 chains\. No anchor was given/u,
    );
    expect(intact.exitCode).toBe(0);
    tamper(
      house,
      "UPDATE audit SET entry = replace(entry, 'ann', 'eve') WHERE chain <> 'root' AND place = 3",
    );
    const changed = await house.operator(['audit', 'verify']);
    expect(changed.exitCode).toBe(8);
    expect(changed.stdout).toContain(
      'Not intact at entry 3 of the chain of house:7462183643873562342: changed',
    );
    const doctor = await house.operator(['doctor']);
    expect(doctor.stdout).toContain('failed   ledger');
    expect(doctor.exitCode).toBe(3);
  });

  it('prints no line that the name of a chain brings with it', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    tamper(
      house,
      `INSERT INTO chain VALUES ('a:' || char(10) || 'Intact: 9 entries' || char(27), 0, 'x', 0, 'x', 0, 0, 0)`,
    );
    const { stdout, exitCode } = await house.operator(['audit', 'verify']);
    expect(exitCode).toBe(8);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').filter((line) => line.startsWith('Intact'))).toEqual([]);
  });

  it('with an anchor kept elsewhere also finds that the end was cut off', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const { stdout: anchor } = await house.operator(['audit', 'anchor']);
    expect(anchor.trimEnd().split('\n')).toHaveLength(1);
    house.project.write('anchors', `\n${anchor}`);
    const held = ['audit', 'verify', '--anchors', 'anchors'];
    expect((await house.operator(held)).stdout).toContain('Compared with 1 anchor.');
    const foreign = anchor.trim().replace(/ledger=.{8}/u, 'ledger=00000000');
    house.project.write('some', `${foreign}\n${anchor}`);
    const some = await house.operator(['audit', 'verify', '--anchors', 'some']);
    expect(some.stdout).toContain('Compared with 1 of 2 anchors.');
    expect(some.stdout).toContain('it is of another ledger');
    expect(some.exitCode).toBe(0);
    const none = await house.operator(['audit', 'verify', '--anchor', foreign]);
    expect(none.stdout).toContain('NONE of 1 anchor could be compared');
    expect(none.exitCode).toBe(9);
    house.project.write('empty', '\n');
    const empty = await house.operator(['audit', 'verify', '--anchors', 'empty']);
    expect(empty.stdout).toContain('No anchor was given');
    expect(empty.exitCode, 'a file without an anchor proves nothing').toBe(9);
    tamper(house, 'DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)');
    const cut = await house.operator(held);
    expect(cut.exitCode).toBe(8);
    expect(cut.stdout).toContain('cut');
    const wrong = await house.operator(['audit', 'verify', '--anchor', 'nonsense']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('ANCHOR_INVALID');
  });

  it('explains why a run was allowed: by which rule, on what evidence, with whose consent', async () => {
    usePolicy(house, needsApproval());
    const id = await runId(house, ['switch_lamp', '--lamp-id', '1']);
    await house.operator(['approve', id, '--yes', '--comment', 'they are awake'], { user: 'ben' });
    const { stdout } = await house.operator(['audit', 'explain', id]);
    for (const part of [
      'Decision   needs approval',
      'asks for 1 approval: Somebody may be asleep.',
      'Approvals  1 of any person, not the requester',
      'Rule switching-needs-people (line 2)',
      'action: switch_lamp',
      'used: they are awake',
      'lamp:1 on  no',
      'What was seen afterwards\n  Lamp 1 is on.',
    ]) {
      expect(stdout).toContain(part);
    }
    const { document } = await json('audit', 'explain', id);
    expect(document).toMatchObject({
      format: 'operator.audit_explanation/1',
      run: { id, requester: { name: 'ann' } },
      approvals: [{ approver: { name: 'ben' } }],
      seen: { summary: 'Lamp 1 is on.' },
    });
  });
});

describe('operator ledger', () => {
  it('is copied while in use, to a file that must not exist, and the copy can take its place', async () => {
    const id = await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const backup = ['ledger', 'backup', 'copy.db'];
    expect((await house.operator(backup)).exitCode).toBe(0);
    expect(existsSync(join(house.project.directory, 'copy.db'))).toBe(true);
    const again = await house.operator(backup);
    expect(again.exitCode).toBe(3);
    expect(again.stderr).toContain('LEDGER_UNWRITABLE');
    const config = readFileSync(join(house.project.directory, 'operator.config.yaml'), 'utf8');
    house.project.write('other.yaml', `ledger: { sqlite: ./copy.db }\n${config}`);
    const { stdout } = await house.operator(['runs', '--config', 'other.yaml']);
    expect(stdout).toContain(id);
  });

  it('is checked, and damage is 8 or an error', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const { exitCode, document } = await json('ledger', 'check');
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ format: 'operator.ledger_check/1', isSound: true, runs: 1 });
    tamper(house, "UPDATE audit SET entry = replace(entry, 'ann', 'eve') WHERE sequence = 2");
    const damaged = await house.operator(['ledger', 'check']);
    expect(damaged.exitCode).toBe(8);
    expect(damaged.stdout).toMatch(/^Damaged\n/u);
  });

  it('is pruned only after a confirmation, and keeps the last day', async () => {
    await runId(house, ['switch_lamp', '--lamp-id', '1']);
    const prune = (before: string) => ['ledger', 'prune', '--before', before];
    const asked = await house.operator(prune('2020-01-01'));
    expect(asked.exitCode).toBe(6);
    expect(asked.stderr).toContain('operator ledger prune --before');
    const { exitCode, document } = await json(...prune('2020-01-01'), '--yes');
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ format: 'operator.ledger_prune/1', runs: 0 });
    const young = await house.operator([...prune('2999-01-01'), '--yes']);
    expect([young.exitCode, young.stdout]).toEqual([2, '']);
    expect(young.stderr).toContain('last day');
    expect((await json('runs')).document.runs).toHaveLength(1);
    expect((await json('audit', 'verify')).document.isIntact).toBe(true);
  });
});
