import { isJsonObject, wordRemedy } from 'operator-core';
import type { JsonValue, NextOperation, Remedy } from 'operator-core';
import {
  formatArguments,
  formatWords,
  toFlagArguments,
  toFlagName,
} from '../arguments/format-command.ts';

/** The command of an operation, and the members that follow it without a flag. */
interface Spelling {
  /** `null`: flags of the next command, which may be any. */
  readonly command: string | null;
  readonly operands?: readonly string[];
}

/** Every operation that the engine and plugins may name. */
const SPELLINGS: Readonly<Record<string, Spelling>> = {
  choose_config: { command: null },
  choose_subject: { command: null },
  choose_file: { command: null },
  observe: { command: 'observe', operands: ['observation'] },
  plan: { command: 'plan', operands: ['action'] },
  run: { command: 'run', operands: ['action'] },
  verify: { command: 'verify', operands: ['action'] },
  doctor: { command: 'doctor' },
  init: { command: 'init' },
  list_runs: { command: 'runs' },
  show_run: { command: 'runs show', operands: ['run'] },
  watch_run: { command: 'runs watch', operands: ['run'] },
  recover_runs: { command: 'runs recover' },
  cancel_run: { command: 'cancel', operands: ['run'] },
  approve_run: { command: 'approve', operands: ['run'] },
  undo_run: { command: 'undo', operands: ['run'] },
  watch: { command: 'watch' },
  list_approvals: { command: 'approvals' },
  list_leases: { command: 'leases' },
  end_lease: { command: 'lease end', operands: ['lease'] },
  extend_lease: { command: 'lease extend', operands: ['lease'] },
  release_lease: { command: 'lease release', operands: ['lease'] },
  show_mode: { command: 'mode' },
  set_mode: { command: 'mode set', operands: ['mode'] },
  stop: { command: 'stop' },
  resume: { command: 'resume' },
  check_ledger: { command: 'ledger check' },
  accept_time: { command: 'ledger accept-time' },
  accept_rollback: { command: 'ledger accept-rollback' },
  bind_policy: { command: 'policy bind' },
  verify_audit: { command: 'audit verify' },
  make_anchor: { command: 'audit anchor' },
  trust_path: { command: 'trust', operands: ['path'] },
};

/** Placeholders for members that the caller chooses. Default: the last word of the name in capitals. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  reason: 'TEXT',
  for: '1h',
  lease: 'RUN',
  config: 'FILE',
  out: 'FILE',
  subject: 'NAME',
};

/** Text of a remedy for people at a shell: its operations are command lines. */
export function formatRemedy(remedy: Remedy): string {
  return wordRemedy(remedy, formatOperation);
}

/**
 * An operation as a command line, quoted for a shell; as flags, when it only gives the flags of another one.
 */
export function formatOperation(operation: NextOperation): string {
  const words = toCommand(operation);
  return SPELLINGS[operation.operation]?.command === null
    ? formatArguments(words)
    : formatWords(words);
}

/** An operation as the words of a command, with placeholders for the parts to choose. */
export function toCommand({ operation, ...members }: NextOperation): readonly string[] {
  if (operation === 'help') return toHelpCommand(members['command']);
  const { command, operands = [] } = SPELLINGS[operation] ?? { command: operation };
  const { parameters = {}, ...own } = members;
  const flags = Object.entries(own).filter(([name]) => !operands.includes(name));
  return [
    ...(command?.split(' ') ?? []),
    ...operands.map((name) => toText(name, own[name] ?? null)),
    ...[...(isJsonObject(parameters) ? Object.entries(parameters) : []), ...flags].flatMap(
      ([name, value]) => toFlag(name, value),
    ),
  ];
}

function toHelpCommand(command: JsonValue | undefined): readonly string[] {
  return [...(typeof command === 'string' ? command.split(' ') : []), '--help'];
}

function toFlag(name: string, value: JsonValue): readonly string[] {
  return toFlagArguments(
    toFlagName(name),
    typeof value === 'boolean' ? value : toText(name, value),
  );
}

function toText(name: string, value: JsonValue): string {
  if (value === null) return PLACEHOLDERS[name] ?? (name.split('_').at(-1) ?? name).toUpperCase();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
