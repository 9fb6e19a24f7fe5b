import type { ErrorKind } from 'operator-core';
import { EFFECT_ERROR_CODES } from './effect-error-codes.ts';
import { LEDGER_ERROR_CODES } from './ledger-error-codes.ts';
import { TRUST_ERROR_CODES } from './trust-error-codes.ts';

interface CodeEntry {
  readonly kind: ErrorKind;
  readonly meaning: string;
}

/** Every code that the engine itself raises, its kind and what it means. Plugins add their own. */
export const ENGINE_ERROR_CODES = {
  CONFIG_NOT_FOUND: {
    kind: 'config',
    meaning: 'There is no configuration file.',
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
    meaning: 'The package or file of the plugin, or of the ledger driver, is not installed.',
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
    meaning: 'The package does not export a valid plugin; every mistake is listed.',
  },
  PLUGIN_CONNECT_FAILED: {
    kind: 'plugin',
    meaning: 'The plugin failed to connect to the subject.',
  },
  PLUGIN_CONNECT_TIMEOUT: {
    kind: 'plugin',
    meaning: 'The plugin did not connect to the subject in time.',
  },
  PLUGIN_TIMEOUT: {
    kind: 'plugin',
    meaning: 'A call into the plugin did not end in time.',
  },
  PLUGIN_MISBEHAVED: {
    kind: 'plugin',
    meaning: 'The plugin threw an error or returned a value that the contract forbids.',
  },
  SUBJECT_UNREACHABLE: {
    kind: 'unreachable',
    meaning: 'A connection to the system failed, at each of its endpoints.',
  },
  SYSTEM_NOT_SUPPORTED: {
    kind: 'plugin',
    meaning:
      'The plugin is not written for this version of the system, or the version is not known.',
  },
  LOGIN_REFUSED: {
    kind: 'config',
    meaning: 'The system did not accept the login of its configuration.',
  },
  WRITE_WHILE_READING: {
    kind: 'plugin',
    meaning:
      'The plugin tried to send a changing request that is not the one being sent; it was stopped.',
  },
  ORIGIN_NOT_DECLARED: {
    kind: 'plugin',
    meaning: 'The plugin tried to ask a server that it did not declare; it was stopped.',
  },
  REQUEST_NOT_PLANNED: {
    kind: 'plugin',
    meaning:
      'The `execute` of an action tried to send a request that is not in the plan, or sent one twice.',
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
    meaning: 'The parameters are not valid; every problem is listed.',
  },
  SECRET_MISSING: {
    kind: 'usage',
    meaning:
      'A recorded plan has secret parameters, which are recorded nowhere, and they were not given.',
  },
  PLAN_INVALID: {
    kind: 'usage',
    meaning: 'The document to apply is not a plan of this format.',
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
  FACT_UNKNOWN: {
    kind: 'refused',
    meaning:
      'A fact that the plan relies on could not be read; the message names the fact and the reason.',
  },
  PLAN_EXPIRED: {
    kind: 'stale',
    meaning: 'The plan has expired.',
  },
  ACTOR_MISSING: {
    kind: 'usage',
    meaning: 'No actor is configured, and a change needs one.',
  },
  IDENTITY_NOT_PROVEN: {
    kind: 'refused',
    meaning:
      'The process that should carry out the run has no proof of the requester or of the consents.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    kind: 'usage',
    meaning: 'The idempotency key belongs to an earlier call with another request.',
  },
  LEASE_NOT_POSSIBLE: {
    kind: 'usage',
    meaning: 'An end was given, but the action has no standing effect.',
  },
  NEEDS_APPROVAL: {
    kind: 'needs_approval',
    meaning: 'The run needs the consent of people, and waits for it.',
  },
  POLICY_DENIED: {
    kind: 'refused',
    meaning: 'Policy does not allow the plan; every reason is named.',
  },
  POLICY_CHANGED: {
    kind: 'stale',
    meaning: 'The policy has changed since it decided about the run.',
  },
  RUN_REJECTED: {
    kind: 'refused',
    meaning: 'An approver rejected the run.',
  },
  RUN_EXPIRED: {
    kind: 'stale',
    meaning: 'The run was not started in time; nothing was sent.',
  },
  RUN_CANCELLED: {
    kind: 'refused',
    meaning: 'The run was cancelled before anything was sent.',
  },
  RESOURCE_HELD: {
    kind: 'refused',
    meaning: 'Another run or a lease holds a resource that the run needs; nothing was sent.',
  },
  LIMIT_REACHED: {
    kind: 'refused',
    meaning: 'A limit of the policy is reached; nothing was sent.',
  },
  STOPPED: {
    kind: 'refused',
    meaning: 'The kill switch is thrown; the message lists the requests that were sent before.',
  },
  MODE_FORBIDS: {
    kind: 'refused',
    meaning: 'The mode allows no such run; the message lists the requests that were sent before.',
  },
  UNDO_REFUSED: {
    kind: 'refused',
    meaning: 'The run cannot be undone: it has no inverse, or the system has changed since.',
  },
  LEASE_NOT_ENDED: {
    kind: 'failed',
    meaning: 'The standing effect could not be removed; it may still be in force.',
  },
  NOT_SENT: {
    kind: 'unreachable',
    meaning: 'The request certainly never reached the system: planning again is safe.',
  },
  REFUSED_BY_SYSTEM: {
    kind: 'failed',
    meaning: 'The system refused the request.',
  },
  PARTLY_DONE: {
    kind: 'partly_done',
    meaning:
      'The system accepted some requests of the plan, and a later one was refused, not sent or left out.',
  },
  ...EFFECT_ERROR_CODES,
  OUTCOME_NOT_RECORDED: {
    kind: 'unverified',
    meaning: 'Something was sent, and its result could not be written into the ledger.',
  },
  OUTCOME_UNKNOWN: {
    kind: 'unverified',
    meaning: 'Reading could not determine if the change took effect.',
  },
  ...TRUST_ERROR_CODES,
  CAUSE_UNKNOWN: {
    kind: 'unverified',
    meaning: 'The effect is there, but its cause is unknown: it may not be this run.',
  },
  ...LEDGER_ERROR_CODES,
  INTERRUPTED: {
    kind: 'interrupted',
    meaning: 'The caller interrupted the command; the message names the state of the system.',
  },
} as const satisfies Record<string, CodeEntry>;

/** A code of {@link ENGINE_ERROR_CODES}. */
export type EngineErrorCode = keyof typeof ENGINE_ERROR_CODES;
