import type { Clock } from '../cluster/clock.ts';
import type { Region } from '../cluster/region.ts';
import {
  type Operator,
  type OperatorDraft,
  type OperatorKind,
  type OperatorStatus,
  PRIORITY,
  createOperator,
} from './operator.ts';

/** Finished operators are remembered so long, one per region. */
const RECORD_TTL_MS = 600_000;
/** An operator that was never started is given up after this. */
const UNSTARTED_MS = 3_000;

interface BuriedOperator {
  readonly operator: Operator;
  readonly buriedAt: number;
}

export interface ControllerHooks {
  /** Starts moving the region. */
  run(operator: Operator): void;
  /** The region is free again. */
  released(regionId: number): void;
  /** True when the next accepted operator shall never start. */
  takeUnstarted(): boolean;
}

/** PD's operator controller: one running operator and one record per region. */
export class OperatorController {
  readonly #clock: Clock;
  readonly #hooks: ControllerHooks;
  readonly #running = new Map<number, Operator>();
  readonly #records = new Map<number, BuriedOperator>();

  constructor(clock: Clock, hooks: ControllerHooks) {
    this.#clock = clock;
    this.#hooks = hooks;
  }

  /** Adds an operator; undefined, and a CANCEL record, when the region has one of the same or a higher priority. */
  add(region: Region, draft: OperatorDraft): Operator | undefined {
    const operator = createOperator(draft, region, this.#clock.nanoseconds());
    const present = this.#running.get(region.id);
    if (present !== undefined && present.priority >= operator.priority) {
      this.#bury(operator, 'CANCEL');
      return undefined;
    }
    if (present !== undefined) this.finish(present, 'REPLACE');
    this.#running.set(region.id, operator);
    this.#start(operator);
    return operator;
  }

  running(regionId: number): Operator | undefined {
    const operator = this.#running.get(regionId);
    return operator?.status === 'RUNNING' ? operator : undefined;
  }

  isOccupied(regionId: number): boolean {
    return this.#running.has(regionId);
  }

  allRunning(): Operator[] {
    return [...this.#running.values()].filter((operator) => operator.status === 'RUNNING');
  }

  countOf(kind: OperatorKind): number {
    return this.allRunning().filter((operator) => operator.kinds.includes(kind)).length;
  }

  /** The running operator of a region, else its record. */
  find(regionId: number): Operator | undefined {
    return this.running(regionId) ?? this.record(regionId);
  }

  record(regionId: number): Operator | undefined {
    const record = this.#records.get(regionId);
    return record !== undefined && this.#isFresh(record) ? record.operator : undefined;
  }

  /** Records that finished at or after a time (milliseconds). */
  records(from: number): Operator[] {
    const fresh = [...this.#records.values()].filter(
      (record) => this.#isFresh(record) && record.buriedAt >= from,
    );
    return fresh.map((record) => record.operator);
  }

  cancel(regionId: number): boolean {
    const operator = this.#running.get(regionId);
    if (operator === undefined || operator.status !== 'RUNNING') return false;
    this.finish(operator, 'CANCEL');
    if (operator.related !== undefined) this.finish(operator.related, 'CANCEL');
    return true;
  }

  /** Ends a running operator and keeps its record. */
  finish(operator: Operator, status: OperatorStatus): void {
    if (this.#running.get(operator.regionId) !== operator) return;
    this.#running.delete(operator.regionId);
    this.#bury(operator, status);
    this.#hooks.released(operator.regionId);
  }

  /** Puts a finished operator in the place of the region's record. */
  overwriteRecord(operator: Operator, status: OperatorStatus): void {
    this.#bury(operator, status);
  }

  /** A new PD leader knows neither running nor finished operators. */
  forget(): void {
    for (const operator of this.#running.values()) operator.status = 'CANCEL';
    this.#running.clear();
    this.#records.clear();
  }

  #start(operator: Operator): void {
    if (
      operator.priority === PRIORITY.urgent &&
      operator.kinds.includes('admin') &&
      this.#hooks.takeUnstarted()
    ) {
      this.#clock.schedule(UNSTARTED_MS, () => this.finish(operator, 'EXPIRED'));
      return;
    }
    operator.startedAt = this.#clock.nanoseconds();
    operator.status = 'RUNNING';
    this.#clock.schedule(operator.timeoutSeconds * 1000, () => this.finish(operator, 'TIMEOUT'));
    this.#hooks.run(operator);
  }

  #bury(operator: Operator, status: OperatorStatus): void {
    operator.status = status;
    operator.finishedAt = this.#clock.nanoseconds();
    this.#records.delete(operator.regionId);
    this.#records.set(operator.regionId, { operator, buriedAt: this.#clock.now() });
    this.#dropOldRecords();
  }

  #dropOldRecords(): void {
    for (const [regionId, record] of this.#records) {
      if (this.#isFresh(record)) return;
      this.#records.delete(regionId);
    }
  }

  #isFresh(record: BuriedOperator): boolean {
    return this.#clock.now() - record.buriedAt <= RECORD_TTL_MS;
  }
}
