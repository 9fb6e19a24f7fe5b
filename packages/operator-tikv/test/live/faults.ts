import type { HandMember, PdByHand } from './by-hand.ts';
import { runHook } from './hooks.ts';
import { mendAll, noteBroken } from './journal.ts';

/** Breaks parts of the cluster with the commands of the environment; each is written down first. */
export class Faults {
  readonly #hand: PdByHand;

  constructor(hand: PdByHand) {
    this.#hand = hand;
  }

  /** Kills the member that leads PD; an only member is started again at once. Returns its name. */
  async killLeader(): Promise<string> {
    const { name } = await this.#hand.read<HandMember>('leader');
    const { members } = await this.#hand.read<{ members: readonly HandMember[] }>('members');
    await this.killMember(name);
    if (members.length === 1) await this.mend();
    return name;
  }

  /** Kills a member. */
  async killMember(name: string): Promise<void> {
    noteBroken({ hook: 'startMember', target: name });
    await runHook('killMember', name);
  }

  /** Pauses the member that leads PD. Returns its name. */
  async pauseLeader(): Promise<string> {
    const { name } = await this.#hand.read<HandMember>('leader');
    noteBroken({ hook: 'resumeMember', target: name });
    await runHook('pauseMember', name);
    return name;
  }

  /** Makes a store silent. */
  async silence(storeId: number | string): Promise<void> {
    noteBroken({ hook: 'resumeStore', target: String(storeId) });
    await runHook('silenceStore', String(storeId));
  }

  /** Mends everything that is broken. */
  mend(): Promise<void> {
    return mendAll();
  }
}
