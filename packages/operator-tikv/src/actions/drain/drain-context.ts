import type { VerifyContext } from 'operator-core';
import type { TiKVReads } from '../../contract/tikv-reads.ts';

/** Context of the verification of a drain. */
export type DrainContext = VerifyContext<
  { readonly store_id: string; readonly accept_staying?: number | undefined },
  TiKVReads
>;
