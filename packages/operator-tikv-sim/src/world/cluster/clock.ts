/** The model's own time: a queue of events that run when the clock is moved past them. */
export interface Clock {
  /** Model time in milliseconds since the Unix epoch. */
  now(): number;
  /** Model time in nanoseconds, never the same twice, as Go's clock would give it. */
  nanoseconds(): bigint;
  /** Start of the model, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** Runs `action` when `delayMs` of model time have passed. */
  schedule(delayMs: number, action: () => void): void;
  /** Moves the clock, running every event that falls due, in order. */
  advance(ms: number): void;
  /** Moves the clock to a time; a time in the past changes nothing. */
  advanceTo(time: number): void;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

export function createClock(startedAt: number): Clock {
  return new EventClock(startedAt);
}

class EventClock implements Clock {
  readonly startedAt: number;
  #now: number;
  #order = 0;
  #lastNanoseconds = 0n;
  readonly #queue: Event[] = [];

  constructor(startedAt: number) {
    this.startedAt = startedAt;
    this.#now = startedAt;
  }

  now(): number {
    return this.#now;
  }

  nanoseconds(): bigint {
    const jitter = BigInt((this.#order * 7919 + 104_729) % 900_000);
    const wanted = BigInt(Math.floor(this.#now)) * 1_000_000n + jitter;
    this.#lastNanoseconds =
      wanted > this.#lastNanoseconds ? wanted : this.#lastNanoseconds + 6_937n;
    return this.#lastNanoseconds;
  }

  schedule(delayMs: number, action: () => void): void {
    this.#order += 1;
    push(this.#queue, { at: this.#now + Math.max(0, delayMs), order: this.#order, action });
  }

  advance(ms: number): void {
    this.advanceTo(this.#now + Math.max(0, ms));
  }

  advanceTo(time: number): void {
    for (let next = this.#queue[0]; next !== undefined && next.at <= time; next = this.#queue[0]) {
      pop(this.#queue);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = Math.max(this.#now, time);
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function push(heap: Event[], event: Event): void {
  let index = heap.length;
  heap.push(event);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(event, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    const event = heap[child];
    if (event === undefined || !isBefore(event, last)) break;
    heap[index] = event;
    index = child;
  }
  heap[index] = last;
}

function smallerChild(heap: readonly Event[], index: number): number {
  const left = 2 * index + 1;
  const leftEvent = heap[left];
  const rightEvent = heap[left + 1];
  return leftEvent !== undefined && rightEvent !== undefined && isBefore(rightEvent, leftEvent)
    ? left + 1
    : left;
}
