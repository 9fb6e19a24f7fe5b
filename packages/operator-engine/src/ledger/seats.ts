import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { lazily } from '../lazily.ts';
import type { Actor, Runner } from './actor.ts';
import type { Ledger } from './ledger.ts';

/** Heartbeats in the time for which a runner is believed to live after one. */
const BEATS = 3;

/**
 * The place from which one run is carried out: a runner that lives for as long as the seat is taken.
 * One for each run, so that a run can be let go while the process goes on.
 */
export class Seat {
  readonly runner: Runner;
  readonly #ledger: Ledger;
  readonly #onEnd: (seat: Seat, isReusable: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #isTaken = true;

  constructor(
    runner: Runner,
    options: { ledger: Ledger; onEnd: (seat: Seat, isReusable: boolean) => void },
  ) {
    this.runner = runner;
    this.#ledger = options.ledger;
    this.#onEnd = options.onEnd;
    const { runners, limits } = options.ledger;
    // A timer of its own: whatever the run waits for, its owner lives.
    this.#timer = setInterval(() => {
      // What keeps a beat from being written keeps the next intent from being written too.
      runners.beat(runner).catch(() => undefined);
    }, limits.ownerTtlMs / BEATS);
    this.#timer.unref();
  }

  /** Nothing is owned from here any more. May be called again. */
  release(): void {
    this.#end(true);
  }

  /** Releases every run owned from here, so that others may continue it at once. May be called again. */
  async leave(): Promise<void> {
    if (this.#end(false)) await this.#ledger.runners.leave(this.runner.id);
  }

  #end(isReusable: boolean): boolean {
    if (!this.#isTaken) return false;
    this.#isTaken = false;
    clearInterval(this.#timer);
    this.#onEnd(this, isReusable);
    return true;
  }
}

/** The seats of one process. */
export class Seats {
  // Made when the first seat is taken: commands that only read take none.
  readonly #process = lazily(createProcessName);
  readonly #free: Runner[] = [];
  readonly #taken = new Set<Seat>();
  #ledger: Ledger | null = null;
  #count = 0;

  /** Takes a seat from which `actor` carries runs out. */
  take(ledger: Ledger, actor: Actor, role: Runner['role'] = 'command'): Seat {
    this.#ledger = ledger;
    const index = this.#free.findIndex(
      (runner) =>
        runner.role === role &&
        runner.actor.kind === actor.kind &&
        runner.actor.name === actor.name,
    );
    const [free] = index === -1 ? [] : this.#free.splice(index, 1);
    const seat = new Seat(free ?? this.#createRunner(actor, role), {
      ledger,
      onEnd: (ended, isReusable) => {
        this.#taken.delete(ended);
        if (isReusable) this.#free.push(ended.runner);
      },
    });
    this.#taken.add(seat);
    return seat;
  }

  /** Leaves every seat: what was not over is abandoned, and the free ones are removed. */
  async leaveAll(): Promise<void> {
    const ledger = this.#ledger;
    await Promise.allSettled([...this.#taken].map((seat) => seat.leave()));
    const free = this.#free.splice(0);
    await Promise.allSettled(free.map(async ({ id }) => ledger?.runners.leave(id)));
  }

  #createRunner(actor: Actor, role: Runner['role']): Runner {
    this.#count += 1;
    return { id: `${this.#process()}-${this.#count}`, actor, role };
  }
}

function createProcessName(): string {
  const host = hostname().split('.', 1)[0] ?? '';
  return `${host}-${process.pid}-${randomBytes(4).toString('hex')}`;
}
