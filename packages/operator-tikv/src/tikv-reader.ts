export type { TiKVReads } from './tikv-reads.ts';
