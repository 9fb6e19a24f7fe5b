import { forSubject } from 'operator-core';
import type { TiKVReads } from './tikv-reads.ts';

/** The definers of this package: every plan, verification and observation is given {@link TiKVReads}. */
export const { defineAction, defineObservation } = forSubject<TiKVReads>();
