import { isJsonObject } from 'operator-core';
import type { JsonObject, RiskLevel, SystemIdentity } from 'operator-core';
import type { RunCondition } from '../../run-condition.ts';
import type { RunState } from '../../run-state.ts';
import type { Actor } from '../../actor.ts';
import type { Decision } from '../../approval.ts';
import type { CancelRequest, RunPurpose, RunRecord } from '../../run-record.ts';
import { toActor } from '../transaction/actor-columns.ts';
import type { SystemColumns } from '../transaction/chain-row.ts';
import { toIso, toIsoOrNull } from '../transaction/ledger-time.ts';

/** One row of the table `run`. */
export interface RunRow extends SystemColumns {
  readonly sequence: number;
  readonly id: string;
  readonly digest: string;
  readonly state: RunState;
  readonly reason: string | null;
  readonly subject: string;
  readonly plugin: string;
  readonly system_version: string | null;
  readonly action: string;
  readonly risk_level: RiskLevel;
  readonly summary: string;
  readonly purpose: RunPurpose['kind'];
  readonly of_run: string | null;
  readonly requester_kind: Actor['kind'];
  readonly requester_name: string;
  readonly requester_for: string | null;
  readonly decision: string | null;
  readonly policy_version: string | null;
  readonly approvals_needed: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly lease_ms: number | null;
  readonly request_count: number;
  readonly has_intended: number;
  readonly owner: string | null;
  readonly owner_kind: Actor['kind'] | null;
  readonly owner_name: string | null;
  readonly owner_for: string | null;
  readonly fence: number;
  readonly cancel_kind: Actor['kind'] | null;
  readonly cancel_name: string | null;
  readonly cancel_for: string | null;
  readonly cancel_reason: string | null;
  readonly cancel_at: number | null;
  readonly detail: string;
  readonly refused_claim: string | null;
  /** The file that proves who asked for it; `null` where the host vouches for that. */
  readonly proof: string | null;
  readonly condition: string | null;
}

/** The row as the ledger's callers see it. */
export function toRunRecord(row: RunRow): RunRecord {
  return {
    id: row.id,
    sequence: row.sequence,
    state: row.state,
    reason: row.reason,
    digest: row.digest,
    subject: row.subject,
    plugin: row.plugin,
    system: toSystem(row),
    action: row.action,
    riskLevel: row.risk_level,
    summary: row.summary,
    purpose: toPurpose(row),
    requester: requesterOf(row),
    // Written by this ledger from a value of that type.
    decision: row.decision === null ? null : (JSON.parse(row.decision) as Decision),
    createdAt: toIso(row.created_at),
    expiresAt: toIso(row.expires_at),
    startedAt: toIsoOrNull(row.started_at),
    endedAt: toIsoOrNull(row.ended_at),
    leaseMs: row.lease_ms,
    owner: row.owner,
    fence: row.fence,
    cancel: toCancelRequest(row),
    condition: toCondition(row),
  };
}

/** The system that a row belongs to. */
export function toSystem(row: SystemColumns & { system_version: string | null }): SystemIdentity {
  const { system_kind: kind, system_id: id, system_version: version } = row;
  return version === null ? { kind, id } : { kind, id, version };
}

export function requesterOf(row: RunRow): Actor {
  return toActor(row.requester_kind, row.requester_name, row.requester_for);
}

/** Actor of the runner that owns, or last owned, the run; else the requester. */
export function ownerOf(row: RunRow): Actor {
  const { owner_kind: kind, owner_name: name } = row;
  if (kind === null || name === null) return requesterOf(row);
  return toActor(kind, name, row.owner_for);
}

export function toCancelRequest(row: RunRow): CancelRequest | null {
  const { cancel_kind: kind, cancel_name: name, cancel_reason: reason, cancel_at: at } = row;
  if (kind === null || name === null || at === null) return null;
  return { by: toActor(kind, name, row.cancel_for), reason: reason ?? '', at: toIso(at) };
}

function toCondition({ condition, detail }: RunRow): RunCondition | null {
  if (condition === null) return null;
  const after = toJsonObject(detail)['condition'];
  // Both were written by this ledger from values of these types.
  const kept = JSON.parse(condition) as Omit<RunCondition, 'after'>;
  return { ...kept, after: (after ?? null) as RunCondition['after'] };
}

/** A column that this ledger wrote as a JSON object. */
export function toJsonObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

function toPurpose({ purpose, of_run: of }: RunRow): RunPurpose {
  return purpose === 'change' || of === null ? { kind: 'change' } : { kind: purpose, of };
}
