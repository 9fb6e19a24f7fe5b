/** The codes that the ledger raises; part of `ENGINE_ERROR_CODES`. */
export const LEDGER_ERROR_CODES = {
  LEDGER_TOO_NEW: {
    kind: 'config',
    meaning: 'A newer version of Operator wrote the ledger; it was not changed.',
  },
  LEDGER_CORRUPT: {
    kind: 'config',
    meaning: 'The ledger is damaged, or the file is no ledger.',
  },
  LEDGER_ALTERED: {
    kind: 'config',
    meaning: 'Another program altered the tables of the ledger; nothing is changed through it.',
  },
  LEDGER_BUSY: {
    kind: 'refused',
    meaning:
      'Other processes locked the ledger for longer than this call waits; nothing was written.',
  },
  LEDGER_FULL: {
    kind: 'config',
    meaning: 'There is no space left for the ledger; nothing was written.',
  },
  LEDGER_UNWRITABLE: {
    kind: 'config',
    meaning: 'The ledger, or a copy of it, cannot be opened or written; nothing was written.',
  },
  LEDGER_UNREACHABLE: {
    kind: 'unreachable',
    meaning: 'The place of the ledger does not answer; nothing was written.',
  },
  LEDGER_UNSUPPORTED: {
    kind: 'usage',
    meaning: 'The driver of the ledger does not support the operation.',
  },
  LEDGER_NOT_TRUSTED: {
    kind: 'config',
    meaning: 'Every user of the machine can replace the ledger: its folder is writable for all.',
  },
  LEDGER_CLOSED: {
    kind: 'bug',
    meaning: 'The ledger was used after it had been closed.',
  },
  RUN_NOT_FOUND: {
    kind: 'usage',
    meaning: 'The ledger has no run of that id.',
  },
  RUN_STATE_CONFLICT: {
    kind: 'refused',
    meaning: 'The state of the run does not allow the operation.',
  },
  FENCED: {
    kind: 'refused',
    meaning: 'Another runner has taken the run over; this one must stop.',
  },
  APPROVAL_REFUSED: {
    kind: 'refused',
    meaning:
      'The consent does not count: it is from the wrong person, or for another plan or policy.',
  },
  LEASE_NOT_FOUND: {
    kind: 'usage',
    meaning: 'The ledger has no lease of that run.',
  },
  LEASE_STATE_CONFLICT: {
    kind: 'refused',
    meaning: 'The state of the lease does not allow the operation.',
  },
  ANCHOR_INVALID: {
    kind: 'usage',
    meaning: 'The text is not an anchor of an audit.',
  },
  LEDGER_MISSING: {
    kind: 'refused',
    meaning: 'The file of an earlier ledger is gone; no new ledger is created.',
  },
  LEDGER_ROLLED_BACK: {
    kind: 'refused',
    meaning: 'The ledger is older than the last state that this user saw; nothing is sent.',
  },
  WITNESS_UNUSABLE: {
    kind: 'config',
    meaning: 'The witness of the ledger cannot be read or kept; nothing was sent.',
  },
  CLOCK_IN_DOUBT: {
    kind: 'refused',
    meaning:
      'The ledger’s time and the machine’s clock disagree about an expiry; nothing is started.',
  },
  LEDGER_POLICY_DIFFERS: {
    kind: 'refused',
    meaning:
      'The ledger is bound to another policy than the configuration names; nothing is changed.',
  },
  LEDGER_NOT_YOURS: {
    kind: 'refused',
    meaning: 'Only the owner of the ledger’s file may do that.',
  },
} as const;
