import type { Clock } from './clock.ts';
import type { Profile } from './profile.ts';

export type Knowledge = 'nothing' | 'regions' | 'all';

/** One PD process. */
export interface Member {
  readonly name: string;
  readonly id: bigint;
  state: 'up' | 'starting' | 'down';
  clientUrl: string;
  peerUrl: string;
  priority: number;
  startedAt: number;
  /** Knowledge from the leader: none just after the start, then the regions, and after a minute all that it needs to lead immediately. */
  knowledge: Knowledge;
}

/** One reign of one PD leader. */
export interface Term {
  readonly number: number;
  /** Model time of its start. */
  readonly since: number;
  /** Model time at which its schedulers run; undefined until enough regions have reported. */
  readonly preparedAt: number | undefined;
}

export interface LeadershipHooks {
  /** The member's process accepts connections, or no longer does. */
  opened(member: Member): void;
  closed(member: Member): void;
  /** A member leads now; what it does not know is gone until the regions have reported. */
  ledBy(member: Member, knowledge: Knowledge): void;
}

/** A member that joins again has the regions soon, and leads like any other after a minute. */
const REGIONS_SYNCED_MS = 2_000;
const ALL_SYNCED_MS = 60_000;

/** The leader, and the one that the other members believe to lead. */
export class Leadership {
  readonly members: readonly Member[];
  readonly #clock: Clock;
  readonly #profile: Profile;
  readonly #hooks: LeadershipHooks;
  #leader: Member | undefined;
  #named: Member | undefined;
  #isJoining = false;
  #term: Term;

  constructor(parts: {
    clock: Clock;
    profile: Profile;
    hooks: LeadershipHooks;
    members: readonly Member[];
  }) {
    this.members = parts.members;
    this.#clock = parts.clock;
    this.#profile = parts.profile;
    this.#hooks = parts.hooks;
    this.#leader = parts.members[0];
    this.#named = this.#leader;
    this.#term = { number: 1, since: -Infinity, preparedAt: -Infinity };
  }

  get leader(): Member | undefined {
    return this.#leader;
  }

  /** The member that followers name as leader, dead or alive. */
  get named(): Member | undefined {
    return this.#named;
  }

  get term(): Term {
    return this.#term;
  }

  isPrepared(): boolean {
    return (
      this.#leader !== undefined &&
      this.#term.preparedAt !== undefined &&
      this.#term.preparedAt <= this.#clock.now()
    );
  }

  markPrepared(): void {
    this.#term = { ...this.#term, preparedAt: this.#clock.now() };
  }

  /** The leader's process dies: the others name it for a while, then no leader, then a new one. */
  killLeader(): void {
    const dead = this.#leader;
    if (dead === undefined) return;
    this.#down(dead);
    this.#clock.schedule(this.#profile.deadLeaderMs, () => this.#elect(dead));
  }

  killMember(member: Member): void {
    if (member === this.#leader) this.killLeader();
    else this.#down(member);
  }

  /** True for the moment in which the members find together again. */
  get isJoining(): boolean {
    return this.#isJoining;
  }

  /** A dead member's process is started. */
  startMember(member: Member, startingMs: number): void {
    if (member.state !== 'down') return;
    member.state = 'starting';
    member.startedAt = this.#clock.now();
    this.#hooks.opened(member);
    this.#clock.schedule(startingMs, () => {
      if (member.state === 'starting') this.#join(member);
    });
  }

  #join(member: Member): void {
    member.state = 'up';
    const learn = (knowledge: Knowledge): void => {
      if (member.state === 'up' && member !== this.#leader) member.knowledge = knowledge;
    };
    this.#clock.schedule(REGIONS_SYNCED_MS, () => learn('regions'));
    this.#clock.schedule(ALL_SYNCED_MS, () => learn('all'));
    if (this.#leader !== undefined || !this.hasQuorum()) return;
    this.#isJoining = true;
    this.#named = undefined;
    this.#clock.schedule(this.#profile.joiningMs, () => {
      this.#isJoining = false;
      this.#elect(undefined);
    });
  }

  /** The leader's process dies and comes back as leader. */
  restartLeader(options: {
    readonly downMs: number;
    readonly startingMs: number;
    readonly warm: boolean;
  }): void {
    const member = this.#leader;
    if (member === undefined) return;
    const leadAgain = (): void => {
      member.state = 'up';
      this.#lead(member, options.warm ? 'all' : 'nothing');
    };
    if (options.downMs + options.startingMs === 0) return leadAgain();
    this.#down(member);
    this.#clock.schedule(options.downMs, () => {
      member.state = 'starting';
      member.startedAt = this.#clock.now();
      this.#hooks.opened(member);
    });
    this.#clock.schedule(options.downMs + options.startingMs, leadAgain);
  }

  /** A planned move: next to no gap, but everything that was only in memory is gone. */
  transferTo(member: Member): void {
    if (member.state !== 'up' || member === this.#leader) return;
    const { plannedMoveGapMs } = this.#profile;
    if (plannedMoveGapMs === 0) return this.#lead(member, member.knowledge);
    this.#leader = undefined;
    this.#named = undefined;
    this.#clock.schedule(plannedMoveGapMs, () => {
      if (this.#leader === undefined && member.state === 'up') this.#lead(member, member.knowledge);
    });
  }

  /** True when more than half of the members run. */
  hasQuorum(): boolean {
    return this.members.filter((member) => member.state === 'up').length * 2 > this.members.length;
  }

  #down(member: Member): void {
    member.state = 'down';
    member.knowledge = 'nothing';
    if (member === this.#leader) this.#leader = undefined;
    if (!this.hasQuorum()) this.#leader = undefined;
    this.#hooks.closed(member);
  }

  #elect(dead: Member | undefined): void {
    if (this.#leader !== undefined || !this.hasQuorum()) return;
    if (this.#named === dead && dead !== undefined) {
      this.#named = undefined;
      this.#clock.schedule(this.#profile.noLeaderMs, () => this.#elect(undefined));
      return;
    }
    const candidates = this.members.filter((member) => member.state === 'up');
    const best = candidates.toSorted((one, other) => rank(other) - rank(one))[0];
    if (best !== undefined) this.#lead(best, best.knowledge);
  }

  #lead(member: Member, knowledge: Knowledge): void {
    this.#leader = member;
    this.#named = member;
    member.knowledge = 'all';
    this.#term = { number: this.#term.number + 1, since: this.#clock.now(), preparedAt: undefined };
    this.#hooks.ledBy(member, knowledge);
  }
}

/** Rank by priority; among equals those that were there all the time. */
function rank(member: Member): number {
  return member.priority * 10 + ['nothing', 'regions', 'all'].indexOf(member.knowledge);
}
