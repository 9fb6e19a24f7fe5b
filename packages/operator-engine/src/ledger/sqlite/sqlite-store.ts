import { statSync } from 'node:fs';
import type { KeptTime, TimeReading } from '../../clock/advance-time.ts';
import type { Clock } from '../../clock/clock.ts';
import { FileOwner } from '../file-owner.ts';
import { placeOf } from '../lost-ledger.ts';
import { probeWriting } from '../write-obstacle.ts';
import { copyFile } from './backup.ts';
import type { Database } from './database.ts';
import type {
  ChangingQueries,
  Durability,
  LedgerStore,
  StoreOptions,
  StoreOrder,
  StoreOwner,
  StoreTime,
} from '../rules/store/driver.ts';
import { openDatabase } from './open-database.ts';
import { findSchemaDifferences, SchemaGuard } from './schema-check.ts';
import type { Queries } from '../rules/store/statement.ts';

const MOST_PROBLEMS = 20;

/** Opens the file, and makes or migrates it as needed. */
export async function openSqliteStore(
  location: string,
  options: StoreOptions,
): Promise<LedgerStore> {
  const { clock, busyMs, migrations, onMigrated } = options;
  const database = await openDatabase(location, {
    busyMs,
    migrations,
    onMigrated: async (made, step) => onMigrated(new SqliteStore(made, clock), step),
  });
  return new SqliteStore(database, clock);
}

/** A ledger's rows in one file of SQLite, for processes of this machine. */
class SqliteStore implements LedgerStore {
  readonly location: string;
  readonly place: string;
  readonly time: StoreTime;
  readonly order = SERIAL;
  readonly owner: StoreOwner;
  readonly #database: Database;
  readonly #schema: SchemaGuard;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.location = database.location;
    this.place = placeOf(database.location);
    this.time = new MachineTime(clock);
    this.owner = new FileOwner(database.location);
    this.#schema = new SchemaGuard(database.location);
  }

  async read<Result>(body: (queries: Queries) => Promise<Result>): Promise<Result> {
    return this.#database.read(body);
  }

  async write<Result>(
    body: (queries: ChangingQueries) => Promise<Result>,
    options?: Durability,
  ): Promise<Result> {
    return this.#database.write(body, options);
  }

  async requireShape(queries: Queries): Promise<void> {
    await this.#schema.require(queries);
  }

  async findDamage(queries: Queries): Promise<readonly string[]> {
    const damage = await queries.all(`PRAGMA integrity_check(${MOST_PROBLEMS})`, []);
    const loose = await queries.all('PRAGMA foreign_key_check', []);
    return [
      ...damage
        .map((row) => String(Reflect.get(row, 'integrity_check')))
        .filter((text) => text !== 'ok'),
      ...loose.map((row) => `a row of ${String(Reflect.get(row, 'table'))} belongs to no run`),
      ...(await findSchemaDifferences(queries)),
    ];
  }

  async size(): Promise<number> {
    return sizeOf(this.location) + sizeOf(`${this.location}-wal`);
  }

  async backup(target: string): Promise<number> {
    return copyFile(this.location, target);
  }

  async tryWriting(): Promise<{ freeBytes: number }> {
    const freeBytes = probeWriting(this.location);
    await this.#database.tryLock();
    return { freeBytes };
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}

/** The clocks of this machine, which all users of the file share. */
class MachineTime implements StoreTime {
  readonly isKept = true;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async begin(): Promise<TimeReading> {
    return this.#clock.begin();
  }

  async follow(_queries: Queries, kept: KeptTime): Promise<TimeReading> {
    return this.#clock.follow(kept);
  }

  async keep(queries: Queries, kept: KeptTime): Promise<void> {
    const { at, monotonic, boot, anchor, epoch, jumpedMs, acceptedMs } = kept;
    const bound = [anchor?.at ?? null, anchor?.monotonic ?? null];
    await queries.run(KEEP_TIME, [at, monotonic, boot, ...bound, epoch, jumpedMs, acceptedMs]);
  }
}

const KEEP_TIME = `UPDATE control SET time_at = ?, time_monotonic = ?, time_boot = ?, time_anchor_at = ?,
  time_anchor_monotonic = ?, time_epoch = ?, time_jumped = ?, time_accepted = ? WHERE id = 1`;

/** One transaction at a time changes the file: it has read the last number, and needs no lock. */
const SERIAL: StoreOrder = {
  isSerial: true,
  lock: async () => {},
  take: async (_queries, { last }) => last + 1,
};

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
