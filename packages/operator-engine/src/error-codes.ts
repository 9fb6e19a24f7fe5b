import type { ErrorKind } from 'operator-core';

interface CodeEntry {
  readonly kind: ErrorKind;
  readonly meaning: string;
}

/** Every code that the engine itself raises, its kind and what it means. Plugins add their own. */
export const ENGINE_ERROR_CODES = {
  CONFIG_NOT_FOUND: {
    kind: 'config',
    meaning: 'No configuration file was found where it was looked for.',
  },
  CONFIG_UNREADABLE: {
    kind: 'config',
    meaning: 'The configuration file, or a file that it names, cannot be read.',
  },
  CONFIG_INVALID: {
    kind: 'config',
    meaning: 'The configuration has mistakes; every one is listed with its path, line and column.',
  },
  POLICY_INVALID: {
    kind: 'config',
    meaning: 'The policy has mistakes; every one is listed with its path, line and column.',
  },
  SUBJECT_NOT_FOUND: {
    kind: 'usage',
    meaning: 'The configuration has no subject of that name.',
  },
  SUBJECT_AMBIGUOUS: {
    kind: 'usage',
    meaning: 'The configuration has several subjects and none was chosen.',
  },
  SUBJECT_CLOSED: {
    kind: 'usage',
    meaning: 'The subject was used after it had been closed.',
  },
  PLUGIN_NOT_FOUND: {
    kind: 'plugin',
    meaning: 'The package or file of the plugin is not installed.',
  },
  PLUGIN_IMPORT_FAILED: {
    kind: 'plugin',
    meaning: 'The plugin is there, but its code could not be loaded.',
  },
  PLUGIN_IMPORT_TIMEOUT: {
    kind: 'plugin',
    meaning: 'The plugin did not finish loading in time.',
  },
  PLUGIN_CONTRACT_MISMATCH: {
    kind: 'plugin',
    meaning: 'The plugin was built for another version of the contract.',
  },
  PLUGIN_INVALID: {
    kind: 'plugin',
    meaning: 'What the package exports is not a plugin, or breaks rules of shape; all are listed.',
  },
  PLUGIN_CONNECT_FAILED: {
    kind: 'plugin',
    meaning: 'The plugin failed while it was making the subject.',
  },
  PLUGIN_CONNECT_TIMEOUT: {
    kind: 'plugin',
    meaning: 'The plugin did not finish making the subject in time.',
  },
  PLUGIN_TIMEOUT: {
    kind: 'plugin',
    meaning: 'A call into the plugin did not end in time.',
  },
  PLUGIN_MISBEHAVED: {
    kind: 'plugin',
    meaning: 'The plugin threw something or answered with something that the contract forbids.',
  },
  WRITE_WHILE_READING: {
    kind: 'plugin',
    meaning:
      'The plugin tried to send a changing request that is not the one being sent; it was stopped.',
  },
  REQUEST_NOT_PLANNED: {
    kind: 'plugin',
    meaning:
      'The own execute of an action asked to send a request that is not in the plan, or one twice.',
  },
  ACTION_NOT_FOUND: {
    kind: 'usage',
    meaning: 'The plugin has no action of that name.',
  },
  OBSERVATION_NOT_FOUND: {
    kind: 'usage',
    meaning: 'The plugin has no observation of that name.',
  },
  PARAMETERS_INVALID: {
    kind: 'usage',
    meaning: 'The parameters do not fit; every problem is listed.',
  },
  PLAN_INVALID: {
    kind: 'usage',
    meaning: 'What was given to be applied is not a plan document of this format.',
  },
  PLAN_DIGEST_MISMATCH: {
    kind: 'refused',
    meaning: 'The plan was changed after it was made.',
  },
  PLAN_FOR_OTHER_SYSTEM: {
    kind: 'refused',
    meaning: 'The plan was made for another subject, plugin or running system.',
  },
  PLAN_STALE: {
    kind: 'stale',
    meaning: 'Something that the plan relies on has changed since it was made.',
  },
  NEEDS_APPROVAL: {
    kind: 'needs_approval',
    meaning: 'The action needs the consent of a person, and there is none.',
  },
  NOT_SENT: {
    kind: 'unreachable',
    meaning: 'The request certainly never reached the system: planning again is safe.',
  },
  REFUSED_BY_SYSTEM: {
    kind: 'failed',
    meaning: 'The system answered that it will not do it.',
  },
  EFFECT_FAILED: {
    kind: 'failed',
    meaning: 'The system took the request, but gave the effect up.',
  },
  EFFECT_REVERTED: {
    kind: 'failed',
    meaning: 'The effect was there and was taken back before it had settled.',
  },
  NOT_VERIFIED: {
    kind: 'unverified',
    meaning: 'The effect was not seen before the deadline; it may still come.',
  },
  OUTCOME_UNKNOWN: {
    kind: 'unverified',
    meaning: 'Whether the change took effect could not be found out by reading.',
  },
  LEDGER_TOO_NEW: {
    kind: 'config',
    meaning: 'The ledger was written by a newer version of Operator; it was left as it is.',
  },
  LEDGER_CORRUPT: {
    kind: 'config',
    meaning: 'The ledger is damaged, or the file is no ledger.',
  },
  LEDGER_BUSY: {
    kind: 'unreachable',
    meaning: 'Other processes held the ledger longer than this call was to wait; nothing was done.',
  },
  LEDGER_FULL: {
    kind: 'config',
    meaning: 'There is no space left for the ledger; nothing was done.',
  },
  LEDGER_UNWRITABLE: {
    kind: 'config',
    meaning: 'The ledger, or a copy of it, cannot be opened or written; nothing was done.',
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
    meaning: 'The state that the run is in does not allow it.',
  },
  FENCED: {
    kind: 'refused',
    meaning: 'The run has been taken over by another runner: this one may do nothing any more.',
  },
  APPROVAL_REFUSED: {
    kind: 'refused',
    meaning: 'The consent does not count: of the wrong person, or to another plan or policy.',
  },
  LEASE_NOT_FOUND: {
    kind: 'usage',
    meaning: 'The ledger has no lease of that run.',
  },
  LEASE_STATE_CONFLICT: {
    kind: 'refused',
    meaning: 'The state that the lease is in does not allow it.',
  },
  ANCHOR_INVALID: {
    kind: 'usage',
    meaning: 'What was given is not an anchor of this ledger’s audit.',
  },
  INTERRUPTED: {
    kind: 'interrupted',
    meaning: 'The caller ended it; the message says in what state the system was left.',
  },
} as const satisfies Record<string, CodeEntry>;

/** A code of {@link ENGINE_ERROR_CODES}. */
export type EngineErrorCode = keyof typeof ENGINE_ERROR_CODES;
