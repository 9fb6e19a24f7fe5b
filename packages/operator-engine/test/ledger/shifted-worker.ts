// A process with a shifted clock, as from a preloaded library: it writes once to a ledger.
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { ann } from '../../src/ledger-suite/plans.ts';

const [path = '', shiftMs = '0'] = process.argv.slice(2);
const real = Date.now;
Date.now = () => real() + Number(shiftMs);
const ledger = await openLedger({ path });
await ledger.mode.set('autonomous', { by: ann, reason: 'a process with a shifted clock' });
process.stdout.write(JSON.stringify(await ledger.maintenance.clock()));
await ledger.close();
