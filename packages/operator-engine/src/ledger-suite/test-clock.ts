import type { LedgerClock } from '../clock/machine-clock.ts';

const START = Date.parse('2026-03-01T12:00:00.000Z');

/** A clock that goes when it is told to, and jumps when it is told to. */
export class TestClock implements LedgerClock {
  boot: string | null = 'boot-1';
  isForeign = false;
  #wall = START;
  #monotonic = 1_000;

  now(): number {
    return this.#wall;
  }

  monotonicMs(): number {
    return this.#monotonic;
  }

  /** Time goes by. */
  pass(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  /** Sets the clock. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** Restarts the machine: its monotonic clock begins at 0. */
  restart(downMs: number): void {
    this.#wall += downMs;
    this.#monotonic = 5;
    this.boot = `${this.boot}+`;
  }
}

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** A clock that goes by itself, from noon on, and can be set. */
export function createSettableClock(): LedgerClock & { jump(ms: number): void } {
  let offset = 0;
  return {
    now: () => Math.floor(START + performance.now()) + offset,
    monotonicMs: () => performance.now(),
    boot: 'boot-1',
    jump: (ms) => {
      offset += ms;
    },
  };
}
