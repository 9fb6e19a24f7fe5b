import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { linkEntry } from '../../src/ledger/rules/transaction/audit-chain.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from 'operator-test-programs';
import { obey } from './obey.ts';
import type { Command } from './obey.ts';

const WORKER = bundleProgram(new URL('ledger-worker.ts', import.meta.url));
const START = [process.execPath, '--conditions=@operator/source', '--no-warnings'] as const;

/** Accounts without a name on any machine, in one group. */
export const ASKER = 4_001;
export const FRIEND = 4_002;
export const STRANGER = 4_003;
const GROUP = 4_000;

/** Options for starting a process of another user. */
export interface As {
  readonly uid: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Command before the program: `unshare …`. */
  readonly before?: readonly string[];
}

/** Answer of the worker, as far as tests look at it. */
export interface Answer {
  readonly id?: string;
  readonly state?: string;
  readonly outcome?: string;
  readonly why?: readonly string[];
  readonly isBlind?: boolean;
  readonly run?: { readonly id: string; readonly state: string };
  readonly approvals?: readonly { readonly unproven: string | null }[];
  readonly error?: { readonly code: string; readonly facts: { readonly because?: string } };
}

/** A ledger that a group shares, and processes of its users. */
export class SharedLedger {
  readonly folder: string;
  readonly path: string;
  readonly proofs: string;

  constructor() {
    const home = mkdtempSync(join(tmpdir(), 'operator-users-'));
    chmodSync(home, 0o755);
    this.folder = join(home, 'shared');
    mkdirSync(this.folder);
    chownSync(this.folder, 0, GROUP);
    chmodSync(this.folder, 0o2770);
    this.path = join(this.folder, 'ledger.db');
    this.proofs = `${this.path}.proofs`;
  }

  /** From now on each user keeps a witness. */
  keepWitnesses(): void {
    const state = join(this.folder, '..', 'state');
    mkdirSync(state);
    chmodSync(state, 0o1777);
  }

  /** Copies the ledger, and gives what puts the copy back, as a user does who may write its folder. */
  copy(): () => void {
    const copy = join(this.folder, '..', 'copy.db');
    rmSync(copy, { force: true });
    const database = new DatabaseSync(this.path);
    database.exec(`VACUUM INTO '${copy}'`);
    database.close();
    return () => {
      for (const end of ['-wal', '-shm']) rmSync(`${this.path}${end}`, { force: true });
      writeFileSync(this.path, readFileSync(copy));
    };
  }

  /** Cuts what the chain of one system has more than in the last copy, with all that knows of it in the file. */
  cut(chain: string): void {
    const database = new DatabaseSync(this.path);
    database.exec(`ATTACH '${join(this.folder, '..', 'copy.db')}' AS old;
      DELETE FROM audit WHERE chain = '${chain}'
        AND place > (SELECT head_place FROM old.chain WHERE name = '${chain}');
      REPLACE INTO chain SELECT * FROM old.chain WHERE name = '${chain}'`);
    database.close();
  }

  /** Tells of a prune of all that the chains had, through entries that were in a newer ledger, and of the rest again. */
  forgePrune(): void {
    const database = new DatabaseSync(this.path);
    const chains = database.prepare('SELECT name FROM chain').all();
    const beginnings = chains.map(({ name }) => [
      String(name),
      { place: 1_000, hash: 'f'.repeat(64) },
    ]);
    const root = database
      .prepare("SELECT head_hash, head_place FROM chain WHERE name = 'root'")
      .get();
    const place = Number(root?.['head_place']) + 1;
    const sequence = 1_000;
    const details = { before: '2020-01-01T00:00:00.000Z', chains: Object.fromEntries(beginnings) };
    const actor = { kind: 'person', name: `uid:${ASKER}` } as const;
    const about = { sequence, chain: 'root', place, at: new Date().toISOString(), actor } as const;
    const empty = {
      runId: null,
      digest: null,
      reason: null,
      rows: null,
      ledger: null,
      fence: null,
    };
    const row = linkEntry(
      { ...about, ...empty, kind: 'ledger_pruned', details, heads: null },
      String(root?.['head_hash']),
    );
    database
      .prepare(
        'INSERT INTO audit (sequence, chain, place, entry, previous, hash) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(sequence, 'root', place, row.entry, row.previous, row.hash);
    database
      .prepare(
        "UPDATE chain SET head_place = ?, head_hash = ?, head_sequence = ? WHERE name = 'root'",
      )
      .run(place, row.hash, sequence);
    database.exec(`UPDATE chain SET start_place = 1000, start_hash = '${'f'.repeat(64)}'`);
    database.close();
  }

  /** Does a command here, as root. */
  async do(command: Command): Promise<Answer> {
    const answer = await obey(this.path, command).catch((error: unknown) => ({ error }));
    return JSON.parse(JSON.stringify(answer)) as Answer;
  }

  /** Does a command in a process of another user. */
  as({ uid, env = {}, before = [] }: As, command: Command): Answer {
    const [program, ...rest] = [...before, ...START, WORKER, this.path];
    const { status, stdout, stderr } = spawnSync(program, [...rest, JSON.stringify(command)], {
      uid,
      gid: GROUP,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    if (status !== 0) throw new Error(`the worker of user ${uid} ended with ${status}: ${stderr}`);
    return JSON.parse(stdout) as Answer;
  }

  /** The id of a run that a user has asked for. */
  ask(uid: number, command: Omit<Extract<Command, { do: 'ask' }>, 'do'> = {}): string {
    return this.as({ uid }, { do: 'ask', ...command }).id ?? '';
  }

  remove(): void {
    rmSync(join(this.folder, '..'), { recursive: true, force: true });
  }
}

/** Only root can become another user, and that user must be able to read this checkout. */
export function canBecomeOthers(): boolean {
  if (process.getuid?.() !== 0) return false;
  const [program, ...flags] = START;
  const code = `(await import('node:fs')).readFileSync(${JSON.stringify(WORKER)})`;
  const tried = spawnSync(program, [...flags, '--input-type=module', '-e', code], {
    uid: STRANGER,
    gid: GROUP,
  });
  return tried.status === 0;
}

/** True when a process may make a user namespace of its own here. */
export function canUnshare(): boolean {
  const tried = spawnSync('unshare', ['-U', '-r', '-m', 'true'], { uid: ASKER, gid: GROUP });
  return tried.status === 0;
}
