import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';

/** Entry of an audit that a user of the ledger knows to have been there. */
export interface WitnessedEntry {
  /** Number of times that the owner had accepted the loss of a part of the ledger by then. */
  readonly generation: number;
  readonly sequence: number;
  readonly hash: string;
}

const NAME = /^(?<generation>\d{4})-(?<sequence>\d{16})-(?<hash>[0-9a-f]{64})$/u;

const OWNER = /^owner-(?<uid>\d+)$/u;
/** Folder of the places where ledgers were; the others are called by the ids of ledgers. */
const PLACES = 'places';

/**
 * Last entry of each ledger's audit that was on disk when this user's processes let something happen, kept
 * outside of the ledger: so an older copy of the ledger is recognised. Each entry is an empty file that has the
 * entry in its name. It is made before the ones below it are removed, so that no process needs a lock.
 */
export class Witness {
  readonly #directory: string;

  /** `directory`: where the witnesses of all ledgers are. Made when it is needed. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The latest entry that is known of a ledger; `null` when none is. Throws `WITNESS_UNUSABLE`. */
  latest(ledgerId: string): WitnessedEntry | null {
    const entries = this.#entries(this.#folderOf(ledgerId));
    return entries.toSorted((one, other) => compare(other, one))[0] ?? null;
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

  /** Keeps an entry, on disk when it returns. Throws `WITNESS_UNUSABLE`. */
  keep(ledgerId: string, entry: WitnessedEntry): void {
    const folder = this.#folderOf(ledgerId);
    this.#attempt(folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      closeSync(openSync(path.join(folder, nameOf(entry)), 'w', 0o600));
      const descriptor = openSync(folder, 'r');
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
    this.#remove(folder, (known) => compare(known, entry) < 0);
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
    for (const entry of this.#entries(folder).filter(isObsolete)) {
      rmSync(path.join(folder, nameOf(entry)), { force: true });
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
  return one.generation - other.generation || one.sequence - other.sequence;
}

function nameOf({ generation, sequence, hash }: WitnessedEntry): string {
  return `${String(generation).padStart(4, '0')}-${String(sequence).padStart(16, '0')}-${hash}`;
}

function toEntry(name: string): readonly WitnessedEntry[] {
  const groups = NAME.exec(name)?.groups;
  if (groups === undefined) return [];
  const { generation, sequence, hash = '' } = groups;
  return [{ generation: Number(generation), sequence: Number(sequence), hash }];
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
