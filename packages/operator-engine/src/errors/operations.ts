import type { JsonObject, NextOperation } from 'operator-core';

/** Operations of the engine that its remedies name. Hosts word each of them in their own way. */
export const operations = {
  /** Any call with another configuration. */
  chooseConfig: { operation: 'choose_config', config: null },
  /** The same call about a subject that it names. */
  chooseSubject: { operation: 'choose_subject', subject: null },
  doctor: { operation: 'doctor' },
  init: { operation: 'init' },
  listRuns: { operation: 'list_runs' },
  recoverRuns: { operation: 'recover_runs' },
  watch: { operation: 'watch' },
  listApprovals: { operation: 'list_approvals' },
  listLeases: { operation: 'list_leases' },
  showMode: { operation: 'show_mode' },
  setMode: { operation: 'set_mode', mode: null, reason: null },
  resume: { operation: 'resume', reason: null },
  checkLedger: { operation: 'check_ledger' },
  stop: { operation: 'stop' },
  acceptTime: { operation: 'accept_time', reason: null },
  bindPolicy: { operation: 'bind_policy', reason: null },
  verifyAudit: { operation: 'verify_audit' },
  makeAnchor: { operation: 'make_anchor' },
  showRun: (run: string) => ({ operation: 'show_run', run }),
  watchRun: (run: string) => ({ operation: 'watch_run', run }),
  cancelRun: (run: string) => ({ operation: 'cancel_run', run }),
  approveRun: (run: string) => ({ operation: 'approve_run', run }),
  undoRun: (run: string | null) => ({ operation: 'undo_run', run }),
  endLease: (lease: string | null) => ({ operation: 'end_lease', lease }),
  extendLease: (lease: string) => ({ operation: 'extend_lease', lease, for: null }),
  releaseLease: (lease: string) => ({ operation: 'release_lease', lease, reason: null }),
  trustPath: (path: string) => ({ operation: 'trust_path', path }),
  /** Leaves `through` out where the whole ledger is lost. */
  acceptRollback: (through?: number) => ({
    operation: 'accept_rollback',
    ...(through === undefined ? {} : { through }),
    reason: null,
  }),
  verify: (action: string, parameters: JsonObject) => ({ operation: 'verify', action, parameters }),
} satisfies Readonly<Record<string, NextOperation | ((...given: never[]) => NextOperation)>>;
