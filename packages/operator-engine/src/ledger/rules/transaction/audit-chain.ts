import { toActor, toActorColumns } from './actor-columns.ts';
import { hash } from 'node:crypto';
import { canonicalJson } from 'operator-core';
import type { JsonObject } from 'operator-core';
import type { Actor } from '../../actor.ts';
import type { AuditEntry, AuditKind } from '../../audit-log.ts';
import { createCorrupt } from '../store/store-errors.ts';

/** An entry before it has its place in the chain. */
export interface AuditDraft {
  readonly actor: Actor;
  readonly kind: AuditKind;
  readonly runId?: string | null;
  readonly digest?: string | null;
  readonly reason?: string | null;
  readonly details?: JsonObject;
}

/** One row of the audit: the text that was hashed, and the hashes. */
export interface AuditRow {
  readonly sequence: number;
  readonly entry: string;
  readonly previous: string;
  readonly hash: string;
}

/** Members that an entry is hashed from. */
export type AuditContent = Omit<AuditEntry, 'hash' | 'previous'>;

/** The text of an entry: one of a version before there were marks has none. */
type WrittenContent = Omit<AuditContent, 'rows' | 'ledger'> &
  Partial<Pick<AuditContent, 'rows' | 'ledger'>>;

/** The hash that the first entry of a ledger follows, so that no two ledgers' chains fit each other. */
export function genesisOf(ledgerId: string): string {
  return hash('sha256', `operator.audit/1 ${ledgerId}`, 'hex');
}

/** The hash of an entry: SHA-256 of the hash before it and the entry's canonical JSON. */
export function chainHash(previous: string, entry: string): string {
  return hash('sha256', previous + entry, 'hex');
}

/** The entry that follows `previous`. */
export function linkEntry(content: AuditContent, previous: string): AuditRow {
  const { sequence, at, kind, runId, digest, reason, details, rows, ledger } = content;
  const actor = { ...toActor(...toActorColumns(content.actor)) };
  const said = { sequence, at, actor, kind, runId, digest, reason, details };
  // Entries from before there were marks have none, and must keep their hash.
  const marks = { ...(rows === null ? {} : { rows }), ...(ledger === null ? {} : { ledger }) };
  const entry = canonicalJson({ ...said, ...marks });
  return { sequence, entry, previous, hash: chainHash(previous, entry) };
}

/** True when the entry's text has the number of the place where it stands, without parsing it. */
export function standsAtItsPlace({ sequence, entry }: AuditRow): boolean {
  // Canonical JSON sorts keys, and `sequence` is the last of them.
  return entry.endsWith(`,"sequence":${sequence}}`);
}

/** The entry as a document. Throws `LEDGER_CORRUPT` when its text is not one. */
export function toAuditEntry(row: AuditRow, location: string): AuditEntry {
  try {
    // Written by linkEntry; whether it still is what was written is for verify to say.
    const content = JSON.parse(row.entry) as WrittenContent;
    const { sequence, at, actor, kind, runId, digest, reason, details } = content;
    const { rows = null, ledger = null } = content;
    const { hash: own, previous } = row;
    const said = { sequence, at, actor, kind, runId, digest, reason, details };
    return { ...said, rows, ledger, previous, hash: own };
  } catch (error) {
    throw createCorrupt(`${location}, entry ${row.sequence} of the audit`, error);
  }
}
