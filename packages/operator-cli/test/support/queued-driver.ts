import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createSqliteDriver,
  createUnreachable,
  createUnsupported,
  defineLedgerDriver,
} from 'operator-engine/ledger-driver';
import type { LedgerDriver, LedgerStore } from 'operator-engine/ledger-driver';
import { z } from 'zod';

const settings = z.strictObject({
  database: z.string().min(1),
  delayMs: z.int().min(0).default(2),
  isDown: z.boolean().default(false),
});

/** A driver as a package of its own has one: everything waits, users are not known by files, and nothing is copied to a file. */
export default defineLedgerDriver({
  contract: '1.0',
  kind: 'queue',
  settings,
  create({ database, delayMs, isDown }, { directory }) {
    const inner = createSqliteDriver(join(directory, database));
    const location = `queue:${database}`;
    const reach = async (): Promise<void> => {
      await sleep(delayMs);
      if (isDown) throw new Error('connect ECONNREFUSED 192.0.2.1:7000');
    };
    const driver: LedgerDriver = {
      location,
      exists: async () => {
        await reach();
        return inner.exists();
      },
      findLost: async () => null,
      requireOwnerOfLost: () => {},
      proveByFiles: () => null,
      open: async (options) => {
        if (isDown) throw createUnreachable(location, new Error('it is down'));
        await reach();
        return toQueued(await inner.open(options), location);
      },
    };
    return driver;
  },
});

function toQueued(store: LedgerStore, location: string): LedgerStore {
  return {
    location,
    place: store.place,
    time: store.time,
    order: store.order,
    owner: { uid: () => null, require: () => {} },
    read: async (body) => store.read(body),
    write: async (body, options) => store.write(body, options),
    requireShape: async (queries) => store.requireShape(queries),
    findDamage: async (queries) => store.findDamage(queries),
    size: async () => store.size(),
    backup: async () => {
      const remedy = 'Use the backup of the queue server.';
      throw createUnsupported(location, { what: 'cannot be copied to a file', remedy });
    },
    tryWriting: async () => {
      await store.tryWriting();
      return { freeBytes: null };
    },
    close: async () => store.close(),
  };
}
