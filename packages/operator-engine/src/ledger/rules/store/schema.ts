/**
 * Every step from an empty file to the shape of this version, in order. A step that was published is
 * never changed: a ledger that has taken it must not differ from one that takes it later.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE control (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    ledger_id TEXT NOT NULL,
    schema INTEGER NOT NULL,
    time_at REAL NOT NULL,
    time_monotonic REAL NOT NULL,
    time_boot TEXT,
    fence INTEGER NOT NULL,
    head_sequence INTEGER NOT NULL,
    head_hash TEXT NOT NULL,
    start_sequence INTEGER NOT NULL,
    start_hash TEXT NOT NULL
  ) STRICT;

  CREATE TABLE mode (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    mode TEXT NOT NULL,
    by_kind TEXT,
    by_name TEXT,
    reason TEXT,
    since INTEGER NOT NULL,
    stop_by_kind TEXT,
    stop_by_name TEXT,
    stop_reason TEXT,
    stop_since INTEGER,
    stop_allows_cancels INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE run (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    reason TEXT,
    subject TEXT NOT NULL,
    plugin TEXT NOT NULL,
    system_kind TEXT NOT NULL,
    system_id TEXT NOT NULL,
    system_version TEXT,
    action TEXT NOT NULL,
    risk_level TEXT NOT NULL,
    summary TEXT NOT NULL,
    purpose TEXT NOT NULL,
    of_run TEXT,
    requester_kind TEXT NOT NULL,
    requester_name TEXT NOT NULL,
    idempotency_key TEXT,
    secret_parameters TEXT,
    decision TEXT,
    policy_version TEXT,
    approvals_needed INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    lease_ms INTEGER,
    request_count INTEGER NOT NULL,
    has_intended INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    owner_kind TEXT,
    owner_name TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    cancel_kind TEXT,
    cancel_name TEXT,
    cancel_reason TEXT,
    cancel_at INTEGER,
    detail TEXT NOT NULL DEFAULT '{}',
    refused_claim TEXT,
    first_entry INTEGER NOT NULL,
    ended_entry INTEGER,
    UNIQUE (requester_kind, requester_name, idempotency_key)
  ) STRICT;
  CREATE INDEX run_by_state ON run (state, sequence);
  CREATE INDEX run_by_system_start ON run (system_kind, system_id, started_at);
  CREATE INDEX run_by_system_end ON run (system_kind, system_id, ended_entry);
  CREATE INDEX run_by_original ON run (of_run) WHERE of_run IS NOT NULL;

  CREATE TABLE plan (
    run_id TEXT PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    document TEXT NOT NULL
  ) STRICT;

  CREATE TABLE request (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    intended_at INTEGER NOT NULL,
    settled_at INTEGER,
    outcome TEXT,
    result TEXT,
    PRIMARY KEY (run_id, place)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE approval (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    approver_kind TEXT NOT NULL,
    approver_name TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    consumed_at INTEGER,
    comment TEXT,
    PRIMARY KEY (run_id, approver_kind, approver_name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE resource_lock (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    resource TEXT NOT NULL,
    kind TEXT NOT NULL,
    system_kind TEXT NOT NULL,
    system_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    since INTEGER NOT NULL,
    released_at INTEGER,
    PRIMARY KEY (run_id, resource)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lock_held ON resource_lock (system_kind, system_id, kind) WHERE released_at IS NULL;
  CREATE INDEX lock_released ON resource_lock (system_kind, system_id, resource, released_at)
    WHERE mode = 'exclusive';

  CREATE TABLE lease (
    run_id TEXT PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    reason TEXT,
    subject TEXT NOT NULL,
    system_kind TEXT NOT NULL,
    system_id TEXT NOT NULL,
    system_version TEXT,
    effect TEXT NOT NULL,
    resource TEXT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER,
    ended_at INTEGER,
    ending_by TEXT
  ) STRICT;
  CREATE INDEX lease_open ON lease (system_kind, system_id)
    WHERE state IN ('planned', 'active', 'ending');

  CREATE TABLE runner (
    id TEXT PRIMARY KEY,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    role TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    beat_at INTEGER NOT NULL,
    beat_monotonic REAL NOT NULL,
    beat_boot TEXT,
    has_left INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    entry TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    run_id TEXT AS (entry ->> '$.runId') VIRTUAL,
    kind TEXT AS (entry ->> '$.kind') VIRTUAL,
    actor TEXT AS (entry ->> '$.actor.name') VIRTUAL,
    at TEXT AS (entry ->> '$.at') VIRTUAL
  ) STRICT;
  CREATE INDEX audit_by_run ON audit (run_id, sequence) WHERE run_id IS NOT NULL;
  CREATE INDEX audit_by_kind ON audit (kind, sequence);
  CREATE INDEX audit_by_actor ON audit (actor, sequence);
  `,
  `
  ALTER TABLE run ADD COLUMN document TEXT;
  UPDATE run SET document = digest;
  CREATE UNIQUE INDEX run_by_document ON run (document);
  `,
  `
  ALTER TABLE control ADD COLUMN time_anchor_at REAL;
  ALTER TABLE control ADD COLUMN time_anchor_monotonic REAL;
  ALTER TABLE control ADD COLUMN time_epoch INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE control ADD COLUMN time_jumped REAL NOT NULL DEFAULT 0;
  ALTER TABLE control ADD COLUMN time_accepted REAL NOT NULL DEFAULT 0;
  ALTER TABLE lease ADD COLUMN time_jumped REAL NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE run ADD COLUMN proof TEXT;
  ALTER TABLE approval ADD COLUMN proof TEXT;
  ALTER TABLE approval ADD COLUMN at_terminal INTEGER NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE control ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE TABLE policy_binding (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    path TEXT,
    owner INTEGER,
    by_kind TEXT NOT NULL,
    by_name TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE run ADD COLUMN condition TEXT;
  `,
  `
  ALTER TABLE run DROP COLUMN secret_parameters;
  `,
  `
  ALTER TABLE run ADD COLUMN requester_for TEXT;
  ALTER TABLE run ADD COLUMN owner_for TEXT;
  ALTER TABLE run ADD COLUMN cancel_for TEXT;
  ALTER TABLE approval ADD COLUMN approver_for TEXT;
  ALTER TABLE lease ADD COLUMN owner_for TEXT;
  ALTER TABLE mode ADD COLUMN by_for TEXT;
  ALTER TABLE mode ADD COLUMN stop_by_for TEXT;
  ALTER TABLE policy_binding ADD COLUMN by_for TEXT;
  ALTER TABLE runner ADD COLUMN actor_for TEXT;
  `,
  `
  CREATE TABLE chain (
    name TEXT PRIMARY KEY,
    start_place INTEGER NOT NULL,
    start_hash TEXT NOT NULL,
    head_place INTEGER NOT NULL,
    head_hash TEXT NOT NULL,
    head_sequence INTEGER NOT NULL,
    head_at INTEGER NOT NULL,
    fence INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE chain_seal (
    name TEXT PRIMARY KEY,
    place INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE control ADD COLUMN chain_base INTEGER NOT NULL DEFAULT 0; UPDATE control SET chain_base = head_sequence;
  INSERT INTO chain (name, start_place, start_hash, head_place, head_hash, head_sequence, head_at, fence)
    SELECT 'root', start_sequence, start_hash, head_sequence, head_hash, head_sequence, 0, 0 FROM control;
  ALTER TABLE control DROP COLUMN head_sequence;
  ALTER TABLE control DROP COLUMN head_hash;
  ALTER TABLE control DROP COLUMN start_sequence;
  ALTER TABLE control DROP COLUMN start_hash;
  ALTER TABLE audit ADD COLUMN chain TEXT NOT NULL DEFAULT 'root';
  ALTER TABLE audit ADD COLUMN place INTEGER NOT NULL DEFAULT 0; UPDATE audit SET place = sequence;
  CREATE UNIQUE INDEX audit_by_chain ON audit (chain, place);
  `,
];

/** The shape that this version of the program reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;
