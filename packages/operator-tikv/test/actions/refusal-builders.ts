import type { JsonObject, HttpRequest } from 'operator-core';
import type { TikvSimOptions } from 'operator-tikv-sim';
import type { Cluster, Version } from './support.ts';
import { drainRequest, leaderRequest, peerRequest, undrainRequest } from '../changes.ts';

/** PD's answer to the very request that the plan would have sent. */
export type PDAnswer =
  | { readonly status: number; readonly refuses: Readonly<Record<Version, string>> }
  | {
      readonly accepts: string;
      /** What comes of it: a sentence of the documentation. */
      readonly harm: string;
      /** Shows the harm. */
      readonly prove: (cluster: Cluster) => void | Promise<void>;
    };

/** A situation in which a plan is refused, and what PD would have said. */
export interface ForeseenRefusal {
  /** The name of the test and the situation, as the documentation tells it. */
  readonly title: string;
  readonly code: string;
  readonly action: string;
  readonly parameters: JsonObject;
  readonly options?: TikvSimOptions;
  readonly arrange?: (cluster: Cluster) => unknown;
  /** Some of the facts that the refusal tells. */
  readonly facts: JsonObject;
  readonly request: HttpRequest;
  readonly pd: PDAnswer;
}

export const CREATED = 'The operator is created.';
export const DRAINED = 'The scheduler is created.';
export const ALSO_DRAINED = 'The scheduler has been applied to the store.';

/** The same words in every release, and the code in front that only newer ones write. */
export function says(words: string, code = ''): Readonly<Record<Version, string>> {
  return { '6.5': words, '8.5': code === '' ? words : `[PD:${code}]${words}` };
}

export function refuses(words: Readonly<Record<Version, string>>, status = 500): PDAnswer {
  return { status, refuses: words };
}

export const NOT_ALLOWED = refuses(says('cannot create operator: target leader is not allowed'));

/** transfer_leader, region 9 (led by store 1, voters on 1, 2 and 3). */
export function leaderTo(
  store: number,
  given: Omit<ForeseenRefusal, 'action' | 'parameters' | 'request'>,
) {
  return {
    action: 'transfer_leader',
    parameters: { region_id: 9, to_store_id: String(store) },
    request: leaderRequest(9, store),
    ...given,
  };
}

/** transfer_peer of region 9 between two stores. */
export function peer(
  [from, to]: readonly [number, number],
  given: Omit<ForeseenRefusal, 'action' | 'parameters' | 'request'>,
) {
  return {
    action: 'transfer_peer',
    parameters: { region_id: 9, from_store_id: String(from), to_store_id: String(to) },
    request: peerRequest(9, from, to),
    ...given,
  };
}

export function drain(
  store: number,
  given: Omit<ForeseenRefusal, 'action' | 'parameters' | 'request'>,
) {
  return {
    action: 'drain_store',
    parameters: { store_id: String(store) },
    request: drainRequest(store),
    ...given,
  };
}

export function undrain(
  store: number,
  given: Omit<ForeseenRefusal, 'action' | 'parameters' | 'request'>,
) {
  return {
    action: 'undrain_store',
    parameters: { store_id: String(store) },
    request: undrainRequest(store),
    ...given,
  };
}
