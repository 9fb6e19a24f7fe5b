import type { Actor } from './actor.ts';

/**
 * Mode of the engine.
 *
 * - `observe`: nothing runs
 * - `guarded`: everything needs an approval
 * - `autonomous`: what policy allows runs
 */
export const MODES = ['observe', 'guarded', 'autonomous'] as const;

/** See {@link MODES}. */
export type Mode = (typeof MODES)[number];

/** The kill switch, thrown. */
export interface Stop {
  readonly by: Actor;
  readonly reason: string;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** True when runs with the purpose `cancel` may continue, to cancel what systems have in progress. */
  readonly allowsCancels: boolean;
}

/** The mode that every process reads again before each side effect. */
export interface ModeStatus {
  readonly mode: Mode;
  /** Actor that set it; `null` for the initial mode of the ledger. */
  readonly by: Actor | null;
  readonly reason: string | null;
  readonly since: string;
  /** `null` when the kill switch is not thrown. */
  readonly stop: Stop | null;
}

/** The mode and the kill switch. A new ledger is `autonomous` and not stopped. */
export interface ModeSwitch {
  get(): Promise<ModeStatus>;
  set(mode: Mode, change: { by: Actor; reason: string }): Promise<ModeStatus>;
  /** Throws the kill switch. A second call changes `allowsCancels`; with a reason, also that and who said so last. */
  stop(change: { by: Actor; reason?: string; allowsCancels?: boolean }): Promise<ModeStatus>;
  /** Lifts it. Does nothing when it is not thrown. */
  resume(change: { by: Actor; reason: string }): Promise<ModeStatus>;
}
