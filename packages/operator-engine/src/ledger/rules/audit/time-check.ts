import type { KeptTime } from '../../../clock/advance-time.ts';
import { TIME_SLACK_MS } from '../../../clock/advance-time.ts';
import { toIso } from '../transaction/ledger-time.ts';
import type { LedgerStore } from '../store/driver.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Instant } from '../transaction/transaction.ts';

const DAY_MS = 24 * 3_600_000;
const MOST = 3;

interface LastTime {
  readonly sequence: number;
  readonly at: string;
}

interface Backward extends LastTime {
  readonly before: string;
}

/** Holds the ledger's time against the times of its entries: an edit of it leaves no entry. */
export class TimeCheck {
  readonly #last: Statement<LastTime>;
  readonly #backward: Statement<Backward>;

  readonly #slackMs: number;
  readonly #isKept: boolean;

  /**
   * Compares each entry with the one before it: in the whole audit where the transactions of a store are serial, else in
   * its chain, where a transaction may have waited for the root chain.
   */
  constructor({ time, order }: Pick<LedgerStore, 'time' | 'order'>) {
    const group = order.isSerial ? '' : 'PARTITION BY chain ';
    this.#slackMs = order.isSerial ? 0 : TIME_SLACK_MS;
    this.#isKept = time.isKept;
    this.#last = new Statement(
      // From `time_accepted` on the ledger's time is what the owner has set it to.
      `SELECT sequence, CASE WHEN kind = 'time_accepted' THEN MEMBER(entry, 'details.to')
         ELSE MEMBER(entry, 'at') END AS at FROM audit ORDER BY sequence DESC LIMIT 1`,
    );
    this.#backward = new Statement(
      `SELECT sequence, at, before FROM (
         SELECT sequence, MEMBER(entry, 'at') AS at, lag(MEMBER(entry, 'at')) OVER inOrder AS before,
           lag(kind) OVER inOrder AS kind FROM audit WINDOW inOrder AS (${group}ORDER BY sequence)) AS times
       WHERE at < before AND kind <> 'time_accepted' ORDER BY sequence`,
    );
  }

  /** Signs of an edit, as sentences; empty where nothing speaks of an edit. */
  async find(instant: Instant, kept: KeptTime): Promise<readonly string[]> {
    const found = (await this.#backward.all(instant)).filter(
      ({ at, before }) => Date.parse(before) - Date.parse(at) > this.#slackMs,
    );
    const backward = found
      .slice(0, MOST)
      .map(
        ({ sequence, at, before }) =>
          `entry ${sequence} of the audit has the time ${at}, and the entry before it ${before}: the time of the ledger was edited between them`,
      );
    // A database's own clock leaves no reading that could be compared.
    if (!this.#isKept) return backward;
    return [
      ...backward,
      ...lookAtReadings(kept),
      ...(await this.#lookAtNow(instant, instant, kept)),
    ];
  }

  async #lookAtNow(
    transaction: Queries,
    { now, reading }: Instant,
    kept: KeptTime,
  ): Promise<readonly string[]> {
    const last = await this.#last.get(transaction);
    if (last === undefined) return [];
    // What was written down: time that only went by since then needs no entry.
    const since = kept.at - Date.parse(last.at);
    const entry = `its last entry (${last.sequence}) of ${last.at}`;
    if (since < -TIME_SLACK_MS) {
      return [`the ledger’s time is ${toIso(now)}, before ${entry}: it was edited`];
    }
    // The machine's clock may have been set back; then the entries are not as old.
    if (since <= TIME_SLACK_MS || now - reading.wall <= TIME_SLACK_MS) return [];
    return [
      `the ledger’s time is ${toIso(now)}, later than this machine’s clock (${toIso(reading.wall)}) and than ${entry}: it was edited, or the machine’s clock was set back since`,
    ];
  }
}

/** Within a boot both clocks have gone on by the same since its first reading. */
function lookAtReadings({ at, monotonic, anchor }: KeptTime): readonly string[] {
  if (anchor === null) return [];
  const passed = monotonic - anchor.monotonic;
  const apart = Math.abs(at - anchor.at - passed);
  if (passed >= 0 && apart <= (1 + passed / DAY_MS) * 2 * TIME_SLACK_MS) return [];
  return ['the ledger’s readings of its clocks do not fit each other: its time was edited'];
}
