import { toActor, toActorColumns } from './actor-columns.ts';
import { hash } from 'node:crypto';
import { canonicalJson } from 'operator-core';
import type { JsonObject } from 'operator-core';
import type { Actor } from '../../actor.ts';
import type { AuditEntry, AuditKind, ChainHead } from '../../audit-log.ts';
import { createCorrupt } from '../store/store-errors.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';

/** An entry before it has its place in a chain. */
export interface AuditDraft {
  readonly actor: Actor;
  readonly kind: AuditKind;
  readonly runId?: string | null;
  readonly digest?: string | null;
  readonly reason?: string | null;
  readonly details?: JsonObject;
}

/** One row of the audit: the text that was hashed, its place, and the hashes. */
export interface AuditRow {
  readonly sequence: number;
  readonly chain: string;
  readonly place: number;
  readonly entry: string;
  readonly previous: string;
  readonly hash: string;
}

/** The columns of {@link AuditRow}. */
export const AUDIT_COLUMNS = 'sequence, chain, place, entry, previous, hash';

/** Members that an entry is hashed from. */
export type AuditContent = Omit<AuditEntry, 'hash' | 'previous'>;

/** Members that not every entry has: those of earlier versions have none of them, and must keep their hash. */
type Optional = 'rows' | 'ledger' | 'fence' | 'heads';

/** The text of an entry. One from before there were chains for each system has no chain and no place. */
export type WrittenContent = Omit<AuditContent, Optional | 'chain' | 'place'> &
  Partial<Pick<AuditContent, Optional | 'chain' | 'place'>>;

/** The hash of an entry: SHA-256 of the hash before it and the entry's canonical JSON. */
export function chainHash(previous: string, entry: string): string {
  return hash('sha256', previous + entry, 'hex');
}

/** The entry that follows `previous`. */
export function linkEntry(content: AuditContent, previous: string): AuditRow {
  const { sequence, chain, place, at, kind, runId, digest, reason, details } = content;
  const { rows, ledger, fence, heads } = content;
  const actor = { ...toActor(...toActorColumns(content.actor)) };
  const said = { sequence, chain, place, at, actor, kind, runId, digest, reason, details };
  const entry = canonicalJson({
    ...said,
    ...(rows === null ? {} : { rows }),
    ...(ledger === null ? {} : { ledger }),
    ...(fence === null ? {} : { fence }),
    ...(heads === null ? {} : { heads: toJson(heads) }),
  });
  return { sequence, chain, place, entry, previous, hash: chainHash(previous, entry) };
}

function toJson(heads: Readonly<Record<string, ChainHead>>): JsonObject {
  const sealed = Object.entries(heads).map(([name, { place, hash: own }]) => {
    return [name, { place, hash: own }] as const;
  });
  return Object.fromEntries(sealed);
}

/** The text of an entry; `null` when it is not one. */
export function readContent(entry: string): WrittenContent | null {
  try {
    // Written by linkEntry; whether it still is what was written is for verify to say.
    return JSON.parse(entry) as WrittenContent;
  } catch {
    return null;
  }
}

/** True when the entry's text has the chain, the place and the number of the row in which it stands. */
export function standsAtItsPlace(
  { sequence, chain, place }: AuditRow,
  content: WrittenContent | null,
): boolean {
  if (content === null || content.sequence !== sequence) return false;
  return (content.chain ?? ROOT_CHAIN) === chain && (content.place ?? sequence) === place;
}

/** The entry as a document. Throws `LEDGER_CORRUPT` when its text is not one. */
export function toAuditEntry(row: AuditRow, location: string): AuditEntry {
  const { chain, place, hash: own, previous } = row;
  const content = readContent(row.entry);
  if (content === null) {
    const cause = new Error('it is not the text of an entry');
    throw createCorrupt(`${location}, entry ${row.sequence} of the audit`, cause);
  }
  const { sequence, at, actor, kind, runId, digest, reason, details } = content;
  const { rows = null, ledger = null, fence = null, heads = null } = content;
  const said = { sequence, chain, place, at, actor, kind, runId, digest, reason, details };
  return { ...said, rows, ledger, fence, heads, previous, hash: own };
}
