import type { Peer } from '../cluster/peer.ts';

/** One step of an operator, as PD's own step types. */
export type Step =
  | { readonly kind: 'transfer_leader'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'add_learner';
      readonly peerId: number;
      readonly storeId: number;
      readonly isWitness?: boolean;
    }
  | { readonly kind: 'promote'; readonly peerId: number; readonly storeId: number }
  | { readonly kind: 'remove'; readonly storeId: number }
  | {
      readonly kind: 'enter_joint' | 'leave_joint';
      readonly promote: readonly PeerRef[];
      readonly demote: readonly PeerRef[];
    }
  | {
      readonly kind: 'merge';
      readonly source: number;
      readonly target: number;
      readonly passive: boolean;
    }
  | { readonly kind: 'split'; readonly policy: string; readonly keys: readonly string[] };

export type PeerRef = Pick<Peer, 'id' | 'storeId' | 'isWitness'>;

/** The step in PD's words. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case 'transfer_leader':
      return `transfer leader from store ${step.from} to store ${step.to}`;
    case 'add_learner':
      return `add learner peer ${step.peerId} on store ${step.storeId}`;
    case 'promote':
      return `promote learner peer ${step.peerId} on store ${step.storeId} to voter`;
    case 'remove':
      return `remove peer on store ${step.storeId}`;
    case 'enter_joint':
      return ['use joint consensus', ...jointChanges(step)].join(', ');
    case 'leave_joint':
      return ['leave joint state', ...jointChanges(step)].join(', ');
    case 'merge':
      return `merge region ${step.source} into region ${step.target}`;
    default:
      return `split region with policy ${step.policy}`;
  }
}

function jointChanges(step: {
  readonly promote: readonly PeerRef[];
  readonly demote: readonly PeerRef[];
}): string[] {
  return [
    ...step.promote.map(
      (peer) => `promote learner peer ${peer.id} on store ${peer.storeId} to voter`,
    ),
    ...step.demote.map(
      (peer) => `demote voter peer ${peer.id} on store ${peer.storeId} to learner`,
    ),
  ];
}

/** Time that PD gives a step, in seconds: 0.6 s a MiB but a minute at least; ten times that for data to be copied. */
export function stepTimeoutSeconds(step: Step, sizeMiB: number): number {
  const fast = Math.max(60, 0.6 * sizeMiB);
  switch (step.kind) {
    case 'add_learner':
      return Math.max(600, 6 * sizeMiB);
    case 'merge':
      return Math.max(600, 10 * fast);
    case 'enter_joint':
    case 'leave_joint':
      return fast * (step.promote.length + step.demote.length + 1);
    default:
      return fast;
  }
}
