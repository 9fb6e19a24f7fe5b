import type { Clock } from './world/cluster/clock.ts';

/** Options of the model's time. */
export interface TimeOptions {
  readonly time: 'instant' | 'real';
  /** Instant: so far at each request. */
  readonly stepMs: number;
  /** Real: model milliseconds per wall millisecond. */
  readonly speed: number;
}

const DRIVE_MS = 20;

/** Moves the model's clock: by requests and by hand (instant), or with the wall clock (real). */
export class Timekeeper {
  readonly #clock: Clock;
  readonly #options: TimeOptions;
  readonly #isReachable: () => boolean;
  #wallStart = performance.now();
  #driver: NodeJS.Timeout | undefined;

  constructor(clock: Clock, options: TimeOptions, isReachable: () => boolean) {
    this.#clock = clock;
    this.#options = options;
    this.#isReachable = isReachable;
  }

  start(): void {
    this.#wallStart = performance.now();
    this.#driver = setInterval(() => this.#drive(), DRIVE_MS);
    this.#driver.unref();
  }

  stop(): void {
    clearInterval(this.#driver);
  }

  /** A request has arrived. */
  tick(): void {
    if (this.#options.time === 'real') this.#followWall();
    else this.#clock.advance(this.#options.stepMs);
  }

  /** Moves the model on by so much, in both kinds of time. */
  advance(ms: number): void {
    if (this.#options.time === 'real') {
      this.#wallStart -= ms / this.#options.speed;
      this.#followWall();
    } else {
      this.#clock.advance(ms);
    }
  }

  #drive(): void {
    if (this.#options.time === 'real') this.#followWall();
    // While no member accepts connections no request can move the clock on.
    else if (!this.#isReachable()) this.#clock.advance(this.#options.stepMs);
  }

  #followWall(): void {
    this.#clock.advanceTo(
      this.#clock.startedAt + (performance.now() - this.#wallStart) * this.#options.speed,
    );
  }
}
