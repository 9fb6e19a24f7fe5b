/** A flag of a command, or one that every command takes. */
export interface Flag {
  /** kebab-case, without the two hyphens. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Placeholder of its value in help: `PATH`. Absent for a switch. */
  readonly value?: string;
  /** True when `--no-name` turns it off. */
  readonly isNegatable?: boolean;
  /** True when it may be given several times. */
  readonly isRepeatable?: boolean;
}

/** Flags that every command takes. A parameter of an action may not have the name of such a flag. */
export const GLOBAL_FLAGS = [
  {
    name: 'config',
    value: 'PATH',
    description:
      'Configuration file. Default: the nearest operator.config.yaml or .json, in this folder or above.',
  },
  {
    name: 'subject',
    value: 'NAME',
    description: 'Name of the subject. Default: OPERATOR_SUBJECT, or the only configured subject.',
  },
  {
    name: 'output',
    value: 'FORMAT',
    description: 'text (default), json or ndjson. Nothing but data is written to stdout.',
  },
  { name: 'trace', description: 'Print every request and its answer to stderr.' },
  {
    name: 'color',
    isNegatable: true,
    description: 'Colour on or off. Default: on for terminals, unless NO_COLOR is set.',
  },
  { name: 'help', description: 'Show help for the command, or for the action behind it.' },
  { name: 'version', description: 'Show the version.' },
] as const satisfies readonly Flag[];

/** Flags of single commands. A parameter may not have the name of such a flag either. */
export const COMMAND_FLAGS = {
  params: {
    name: 'params',
    value: 'JSON',
    description: 'Parameters as one JSON object; - reads it from stdin.',
  },
  yes: {
    name: 'yes',
    description: 'Confirm without a question. Required without a terminal.',
  },
  wait: {
    name: 'wait',
    isNegatable: true,
    description:
      '--no-wait ends as soon as the system has accepted the change. Accepted is not done.',
  },
  timeout: {
    name: 'timeout',
    value: 'DURATION',
    description: 'Time to wait for the effect (90s, 5m, 1h). Default: look once.',
  },
  out: {
    name: 'out',
    value: 'FILE',
    description: 'Write the plan to a new file, for `operator apply`.',
  },
  for: {
    name: 'for',
    value: 'DURATION',
    description: 'Remove the standing effect after this time (30m, 2h). Default: keep until ended.',
  },
  until: {
    name: 'until',
    value: 'CONDITION',
    description:
      "Condition on an observation that must hold after the effect is proven, as 'alarms.rows=0'. Read until it holds; without it a run does not report anything as fixed.",
  },
  untilWithin: {
    name: 'until-within',
    value: 'DURATION',
    description: 'Longest wait for the condition after the effect is proven. Default: 10m.',
  },
  idempotencyKey: {
    name: 'idempotency-key',
    value: 'TEXT',
    description:
      'Your name for this call: a second call with the same key returns the run of the first.',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Every name that a flag of ours takes on the command line, `--no-` forms included. */
export function listFlagNames(flags: readonly Flag[]): readonly string[] {
  return flags.flatMap((flag) =>
    flag.isNegatable === true ? [flag.name, `no-${flag.name}`] : [flag.name],
  );
}
