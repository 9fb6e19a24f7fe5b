import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { lazily } from '../base/lazily.ts';
import { isSameActor } from './actor.ts';
import type { Actor, Runner } from './actor.ts';
import type { Ledger } from './ledger.ts';

/** Heartbeats in the time for which a runner is believed to live after one. */
const BEATS = 3;

/**
 * The registration of a runner, with a heartbeat until it is released. Each run has a runner of its own, so
 * that one run can be released while the process continues.
 */
export class RunnerSession {
  readonly runner: Runner;
  readonly #ledger: Ledger;
  readonly #onEnd: (session: RunnerSession, isReusable: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #isTaken = true;

  constructor(
    runner: Runner,
    options: { ledger: Ledger; onEnd: (session: RunnerSession, isReusable: boolean) => void },
  ) {
    this.runner = runner;
    this.#ledger = options.ledger;
    this.#onEnd = options.onEnd;
    const { runners, limits } = options.ledger;
    // A timer of its own: the owner counts as alive also while the run waits.
    this.#timer = setInterval(() => {
      // Where a heartbeat cannot be written, the next intent cannot be written either.
      runners.beat(runner).catch(() => undefined);
    }, limits.ownerTtlMs / BEATS);
    this.#timer.unref();
  }

  /** Stops the heartbeat after the run has ended; the runner may be used again. May be called again. */
  release(): void {
    this.#end(true);
  }

  /** Stops the heartbeat and removes the runner, so that others may take its runs over immediately. May be called again. */
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

/** The runners of one process. */
export class RunnerSessions {
  // Made with the first runner: commands that only read need none.
  readonly #process = lazily(createProcessName);
  readonly #free: Runner[] = [];
  readonly #taken = new Set<RunnerSession>();
  #ledger: Ledger | null = null;
  #count = 0;

  /** Registers a runner that carries runs out for `actor`, or one that is free. */
  open(ledger: Ledger, actor: Actor, role: Runner['role'] = 'command'): RunnerSession {
    this.#ledger = ledger;
    const index = this.#free.findIndex(
      (runner) => runner.role === role && isSameActor(runner.actor, actor),
    );
    const [free] = index === -1 ? [] : this.#free.splice(index, 1);
    const session = new RunnerSession(free ?? this.#createRunner(actor, role), {
      ledger,
      onEnd: (ended, isReusable) => {
        this.#taken.delete(ended);
        if (isReusable) this.#free.push(ended.runner);
      },
    });
    this.#taken.add(session);
    return session;
  }

  /** Removes all runners of the process; runs that have not ended are abandoned. */
  async leaveAll(): Promise<void> {
    const ledger = this.#ledger;
    await Promise.allSettled([...this.#taken].map((session) => session.leave()));
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
