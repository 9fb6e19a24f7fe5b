import { randomBytes } from 'node:crypto';
import { lstat, open, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createMisbehaved, isJsonObject, isJsonValue } from 'operator-core';
import type { JsonObject, JsonValue, PluginMemory } from 'operator-core';
import { isWithinSize } from './json-size.ts';

const FORMAT = 'operator.memory/1';
const MOST_KEYS = 16;
const LARGEST_VALUE = 16 * 1024;
const LARGEST_FILE = 4 * 1024 * 1024;
const OTHERS_WRITE = 0o022;

/** Values of every subject, by subject and key. */
type Subjects = Readonly<Record<string, JsonObject>>;

/**
 * A plugin's memory for one subject, in a file of the user's own beside the ledger: `ledger.db.memory-1000.json`. It is
 * evidence that may be lost or old, so it costs no transaction, and no ledger is made for it.
 */
export class FileMemory implements PluginMemory {
  readonly #ledgerPath: string;
  readonly #subjectName: string;
  readonly #pending = new Map<string, JsonValue>();
  #writing: Promise<void> = Promise.resolve();

  constructor(ledgerPath: string, subjectName: string) {
    this.#ledgerPath = ledgerPath;
    this.#subjectName = subjectName;
  }

  async read(key: string): Promise<JsonValue | null> {
    const subjects = await this.#load();
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
    return `${this.#ledgerPath}.memory-${process.getuid?.() ?? 'user'}.json`;
  }

  async #store(): Promise<void> {
    if (this.#pending.size === 0) return;
    // Nothing is remembered where no ledger is: the folder may not even be there.
    await stat(this.#ledgerPath);
    const subjects = await this.#load();
    const values = { ...subjects[this.#subjectName], ...Object.fromEntries(this.#pending) };
    const kept = Object.fromEntries(Object.entries(values).slice(-MOST_KEYS));
    const document = { format: FORMAT, subjects: { ...subjects, [this.#subjectName]: kept } };
    const beside = `${this.#path}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
    try {
      const file = await open(beside, 'wx', 0o600);
      await closing(file, async () => file.writeFile(`${JSON.stringify(document)}\n`));
      await rename(beside, this.#path);
      this.#pending.clear();
    } finally {
      await rm(beside, { force: true });
    }
  }

  /** Everything in the file; nothing when it is not there, not the user's own, or not as this class writes it. */
  async #load(): Promise<Subjects> {
    try {
      // Opening a pipe that nothing writes to never ends.
      if (!(await lstat(this.#path)).isFile()) return {};
      const file = await open(this.#path, 'r');
      return await closing(file, async () => readOwn(file));
    } catch {
      return {};
    }
  }
}

async function closing<Value>(file: FileHandle, use: () => Promise<Value>): Promise<Value> {
  try {
    return await use();
  } finally {
    await file.close();
  }
}

async function readOwn(file: FileHandle): Promise<Subjects> {
  const { uid, mode, size } = await file.stat();
  const isOwn = process.getuid === undefined || uid === process.getuid();
  if (!isOwn || (mode & OTHERS_WRITE) !== 0 || size > LARGEST_FILE) return {};
  const document: unknown = JSON.parse(await file.readFile('utf8'));
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
