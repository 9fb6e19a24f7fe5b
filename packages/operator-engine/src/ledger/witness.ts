import { hash as hashOf } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { ROOT_CHAIN } from './audit-log.ts';

/** Entry of a chain of an audit that a user of the ledger knows to have been there. */
export interface WitnessedEntry {
  /** Number of times that the owner had accepted the loss of a part of the ledger by then. */
  readonly generation: number;
  /** `root`, or the kind and the id of a system. */
  readonly chain: string;
  readonly place: number;
  readonly sequence: number;
  readonly hash: string;
}

/** Names by earlier versions end with the hash: their entries belong to the root chain. */
const NAME =
  /^(?<generation>\d{4})-(?<place>\d{16})-(?<hash>[0-9a-f]{64})(?:-(?<sequence>\d{16})-(?<chain>.+))?$/u;
/** No name of a file may be longer than 255 bytes. */
const LONGEST_CHAIN = 140;

const OWNER = /^owner-(?<uid>\d+)$/u;
/** Folder of the places where ledgers were; the others are called by the ids of ledgers. */
const PLACES = 'places';

/**
 * Last entry of each chain of a ledger's audit that was on disk when this user's processes let something happen, kept
 * outside of the ledger: so an older copy of the ledger is recognised. Each entry is an empty file that has the
 * entry in its name. It is made before the ones below it are removed, so that no process needs a lock.
 */
export class Witness {
  readonly #directory: string;

  /** `directory`: where the witnesses of all ledgers are. Made when it is needed. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * The latest entry that is known of each chain of a ledger; two with one place where a copy was put back in between.
   * Throws `WITNESS_UNUSABLE`.
   */
  latest(ledgerId: string): readonly WitnessedEntry[] {
    const entries = this.#entries(this.#folderOf(ledgerId));
    const latest = new Map<string, WitnessedEntry>();
    for (const entry of entries) {
      const known = latest.get(entry.chain);
      if (known === undefined || compare(known, entry) < 0) latest.set(entry.chain, entry);
    }
    return entries.filter((entry) => compare(entry, latest.get(entry.chain) ?? entry) === 0);
  }

  /** Ids of the ledgers that were used at a place. Throws `WITNESS_UNUSABLE`. */
  seenAt(place: string): readonly string[] {
    return this.#listPlaces()
      .filter((name) => name.startsWith(`${place}.`))
      .map((name) => name.slice(place.length + 1));
  }

  /** Writes down that a ledger is at a place. Throws `WITNESS_UNUSABLE`. */
  keepPlace(ledgerId: string, place: string): void {
    const folder = path.join(this.#directory, PLACES);
    this.#attempt(folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      closeSync(openSync(path.join(folder, `${place}.${ledgerId}`), 'w', 0o600));
    });
    this.#removePlaces(place, (id) => id !== ledgerId);
  }

  /** Keeps an entry of each of several chains, on disk when it returns. Throws `WITNESS_UNUSABLE`. */
  keep(ledgerId: string, entries: readonly WitnessedEntry[]): void {
    const folder = this.#folderOf(ledgerId);
    this.#attempt(folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const entry of entries) {
        closeSync(openSync(path.join(folder, nameOf(entry)), 'w', 0o600));
      }
      const descriptor = openSync(folder, 'r');
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
    const kept = new Map(entries.map((entry) => [toKey(entry.chain), entry]));
    this.#remove(folder, (known) => {
      const entry = kept.get(known.chain);
      return entry !== undefined && compare(known, entry) < 0;
    });
  }

  /** The user id of the owner of a ledger when this user first used it; `null` when it is not known. */
  ownerOf(ledgerId: string): number | null {
    const folder = this.#folderOf(ledgerId);
    const names = this.#attempt(folder, () => listNames(folder));
    const owner = names.map((name) => OWNER.exec(name)?.groups?.['uid']).find((uid) => uid);
    return owner === undefined ? null : Number(owner);
  }

  /** Keeps who owns a ledger, unless that is known. Throws `WITNESS_UNUSABLE`. */
  keepOwner(ledgerId: string, uid: number): void {
    if (this.ownerOf(ledgerId) !== null) return;
    const folder = this.#folderOf(ledgerId);
    this.#attempt(folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      closeSync(openSync(path.join(folder, `owner-${uid}`), 'w', 0o600));
    });
  }

  /** Makes sure that an entry can be kept. Throws `WITNESS_UNUSABLE`. */
  prepare(ledgerId: string): void {
    const folder = this.#folderOf(ledgerId);
    const probe = path.join(folder, `probe-${process.pid}`);
    this.#attempt(folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      closeSync(openSync(probe, 'w', 0o600));
      rmSync(probe, { force: true });
    });
  }

  /** Forgets what is known of a ledger. */
  forget(ledgerId: string): void {
    this.#remove(this.#folderOf(ledgerId), () => true);
  }

  #listPlaces(): readonly string[] {
    const folder = path.join(this.#directory, PLACES);
    return this.#attempt(folder, () => listNames(folder));
  }

  #removePlaces(place: string, isObsolete: (ledgerId: string) => boolean): void {
    for (const id of this.seenAt(place).filter(isObsolete)) {
      rmSync(path.join(this.#directory, PLACES, `${place}.${id}`), { force: true });
    }
  }

  #folderOf(ledgerId: string): string {
    return path.join(this.#directory, ledgerId);
  }

  #entries(folder: string): readonly WitnessedEntry[] {
    return this.#attempt(folder, () => listNames(folder).flatMap(toEntry));
  }

  #remove(folder: string, isObsolete: (entry: WitnessedEntry) => boolean): void {
    for (const name of this.#attempt(folder, () => listNames(folder))) {
      if (toEntry(name).some(isObsolete)) rmSync(path.join(folder, name), { force: true });
    }
  }

  #attempt<Result>(folder: string, body: () => Result): Result {
    try {
      return body();
    } catch (error) {
      throw createEngineError('WITNESS_UNUSABLE', {
        message: `The witness of the ledger cannot be kept in ${folder}: ${describeCause(error)}. Nothing is sent without it.`,
        remedy:
          'Make the folder writable for this user, or name another one outside of the ledger’s folder: `ledger: { witness: FOLDER }` in the configuration.',
        facts: { folder },
        cause: error,
      });
    }
  }
}

/** Default folder of witnesses: in the state folder of this user. */
export function defaultWitnessDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const state = stateHome(env) ?? stateHome(process.env) ?? path.join(homedir(), '.local', 'state');
  return path.join(state, 'operator', 'witness');
}

function stateHome(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_STATE_HOME: state, HOME: home } = env;
  // By the rule of these variables a relative path counts as none.
  if (state !== undefined && path.isAbsolute(state)) return state;
  return home !== undefined && path.isAbsolute(home) ? path.join(home, '.local', 'state') : null;
}

function compare(one: WitnessedEntry, other: WitnessedEntry): number {
  return one.generation - other.generation || one.place - other.place;
}

/** The name by which a chain is witnessed: its own, or its hash where that does not fit into a file's name. */
export function toKey(chain: string): string {
  const key = encodeURIComponent(chain);
  return key.length <= LONGEST_CHAIN ? key : `sha256.${hashOf('sha256', chain, 'hex')}`;
}

function nameOf({ generation, chain, place, sequence, hash }: WitnessedEntry): string {
  const [at, number] = [place, sequence].map((count) => String(count).padStart(16, '0'));
  return `${String(generation).padStart(4, '0')}-${at}-${hash}-${number}-${toKey(chain)}`;
}

/** Parses a name. `chain` of the result is the key of a chain. */
function toEntry(name: string): readonly WitnessedEntry[] {
  const groups = NAME.exec(name)?.groups;
  if (groups === undefined) return [];
  const { generation, place, sequence = place, chain = ROOT_CHAIN, hash = '' } = groups;
  const numbers = { generation: Number(generation), place: Number(place) };
  return [{ ...numbers, sequence: Number(sequence), chain, hash }];
}

/** The names in a folder; none where there is no such folder. */
function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
