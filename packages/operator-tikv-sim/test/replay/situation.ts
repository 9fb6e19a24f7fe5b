import type { TikvSimOptions } from '../../src/index.ts';
import type { CompareOptions } from './compare.ts';
import type { Exchange, RecordedFile } from './recording.ts';
import type { Stage } from './stage.ts';

/** How the simulator gets into the situations of one recorded file. */
export interface Situation {
  readonly file: RecordedFile;
  readonly options: TikvSimOptions;
  /** What had happened before the first exchange. */
  readonly prelude?: (stage: Stage) => Promise<void> | void;
  /** What happened, unrecorded, right before the first exchange of that name, or the one with that position (`#12`). */
  readonly before?: Readonly<Record<string, (stage: Stage) => Promise<void> | void>>;
  /** Why exchanges of that name, or at that position (`#12`), are not replayed. */
  readonly notReplayed?: Readonly<Record<string, string>>;
  /** Lists whose elements depend on a history that the recording does not show: they share at least one kind of element. */
  readonly partly?: readonly string[];
  /** An exchange at this position is replayed right after that position. */
  readonly laterThan?: Readonly<Record<number, number>>;
  /** Only exchanges with such names: a recording of several clusters is replayed in parts. */
  readonly only?: RegExp;
  /** Which member was asked; the first one unless said. */
  readonly member?: (exchange: Exchange, stage: Stage) => number;
}

/** A difference between recording and simulator. */
export interface Deviation {
  readonly index: number;
  readonly name: string;
  readonly request: string;
  readonly problems: readonly string[];
}

export interface Outcome {
  readonly replayed: readonly number[];
  readonly notReplayed: ReadonlyMap<number, string>;
  readonly deviations: readonly Deviation[];
}

export function compareOptions(situation: Situation, exchange: Exchange): CompareOptions {
  return { partly: situation.partly?.includes(exchange.name) ?? false };
}
