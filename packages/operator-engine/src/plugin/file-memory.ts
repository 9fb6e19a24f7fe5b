import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createMisbehaved, isJsonObject, isJsonValue } from 'operator-core';
import type { JsonObject, JsonValue, PluginMemory } from 'operator-core';
import type { Config } from '../config/load-config.ts';
import { isWithinSize } from './json-size.ts';

const FORMAT = 'operator.memory/1';
const MOST_KEYS = 16;
const LARGEST_VALUE = 16 * 1024;
const LARGEST_FILE = 4 * 1024 * 1024;
const OTHERS_WRITE = 0o022;

// Loading node:fs/promises and node:crypto takes longer than reading a small file, and plans read this at every start.
const TO_READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** Values of every subject, by subject and key. */
type Subjects = Readonly<Record<string, JsonObject>>;

/** Place in which a memory may be kept. */
export interface MemoryPlace {
  /** Beginning of the file's path. */
  readonly beside: string;
  /** Throws where nothing may be remembered yet. */
  readonly prepare: () => void;
}

/** Memory beside the ledger's file; where the ledger is elsewhere, in the folder `.operator` of the configuration. */
export function toMemoryPlace({ ledger, directory }: Config): MemoryPlace {
  const { place } = ledger;
  // Nothing is remembered where no ledger is: the folder may not even be there.
  if (place.kind === 'file')
    return { beside: place.file, prepare: () => void statSync(place.file) };
  const folder = join(directory, '.operator');
  const prepare = (): void => void mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { beside: join(folder, 'ledger'), prepare };
}

/**
 * A plugin's memory for one subject, in a file of the user's own beside the ledger: `ledger.db.memory-1000.json`. It is
 * evidence that may be lost or old, so it costs no transaction, and no ledger is made for it.
 */
export class FileMemory implements PluginMemory {
  readonly #place: MemoryPlace;
  readonly #subjectName: string;
  readonly #pending = new Map<string, JsonValue>();
  #writing: Promise<void> = Promise.resolve();

  constructor(place: MemoryPlace, subjectName: string) {
    this.#place = place;
    this.#subjectName = subjectName;
  }

  async read(key: string): Promise<JsonValue | null> {
    const subjects = this.#load();
    const values = Object.hasOwn(subjects, this.#subjectName) ? subjects[this.#subjectName] : {};
    return values !== undefined && Object.hasOwn(values, key) ? (values[key] ?? null) : null;
  }

  async write(key: string, value: JsonValue): Promise<void> {
    checkEntry(key, value);
    this.#pending.set(key, value);
    await this.flush();
  }

  /** Writes what could not be written so far: the first run of a configuration makes its ledger after planning. */
  async flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#store()).catch(() => {});
    await this.#writing;
  }

  get #path(): string {
    return `${this.#place.beside}.memory-${process.getuid?.() ?? 'user'}.json`;
  }

  #store(): void {
    if (this.#pending.size === 0) return;
    this.#place.prepare();
    const subjects = this.#load();
    const values = { ...subjects[this.#subjectName], ...Object.fromEntries(this.#pending) };
    const kept = Object.fromEntries(Object.entries(values).slice(-MOST_KEYS));
    const document = { format: FORMAT, subjects: { ...subjects, [this.#subjectName]: kept } };
    const beside = `${this.#path}.new-${process.pid}-${process.hrtime.bigint().toString(36)}`;
    try {
      writeFileSync(beside, `${JSON.stringify(document)}\n`, { flag: 'wx', mode: 0o600 });
      renameSync(beside, this.#path);
      this.#pending.clear();
    } finally {
      rmSync(beside, { force: true });
    }
  }

  /** Everything in the file; nothing when it is not there, not the user's own, or not as this class writes it. */
  #load(): Subjects {
    try {
      // Opening a pipe that nothing writes to would never end without O_NONBLOCK.
      const file = openSync(this.#path, TO_READ | constants.O_NOFOLLOW);
      try {
        return readOwn(file);
      } finally {
        closeSync(file);
      }
    } catch {
      return {};
    }
  }
}

function readOwn(file: number): Subjects {
  const found = fstatSync(file);
  if (!found.isFile()) return {};
  const { uid, mode, size } = found;
  const isOwn = process.getuid === undefined || uid === process.getuid();
  if (!isOwn || (mode & OTHERS_WRITE) !== 0 || size > LARGEST_FILE) return {};
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isJsonObject(document) || document['format'] !== FORMAT) return {};
  const { subjects } = document;
  if (!isJsonObject(subjects)) return {};
  const entries = Object.entries(subjects);
  return Object.fromEntries(
    entries.flatMap(([name, values]) => (isJsonObject(values) ? [[name, values]] : [])),
  );
}

function checkEntry(key: string, value: JsonValue): void {
  const issues = [
    ...(/^[a-z][a-zA-Z0-9_-]{0,63}$/u.test(key) ? [] : [`${JSON.stringify(key)} is no key`]),
    ...(isJsonValue(value) ? [] : ['the value is not plain JSON']),
    ...(isWithinSize(value, LARGEST_VALUE) ? [] : ['the value is larger than 16 KiB']),
  ];
  if (issues.length > 0) throw createMisbehaved('what it wants to remember', issues);
}
