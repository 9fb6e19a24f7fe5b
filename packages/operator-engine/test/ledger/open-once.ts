// Run by a Node of its own: opens a ledger, or none, and says whether SQLite was loaded.
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';

const [file = 'none', warn] = process.argv.slice(2);

if (file !== 'none') await (await openLedger({ path: file })).close();
if (warn !== undefined) process.emitWarning('Something else', 'ExperimentalWarning');

// What Node has loaded of itself; the types do not know of it.
const loaded: unknown = Reflect.get(process, 'moduleLoadList');
const hasSqlite = Array.isArray(loaded) && loaded.some((name) => String(name).endsWith(' sqlite'));
process.stdout.write(JSON.stringify({ hasSqlite }));
