import type { ActionDefinition } from 'operator-core';
import type { Described } from '../arguments/described.ts';
import { exampleText } from '../arguments/example-value.ts';
import { toFlagName } from '../arguments/format-command.ts';
import { toParameterFlags } from '../arguments/read-parameters.ts';
import type { Command, Example } from './command.ts';
import { commandHelp, flagsSection, globalFlagsSection } from './help.ts';
import type { HelpPage, HelpSection } from './help.ts';

/** The page of a command for one action or observation: its parameters as flags. */
export function describedHelp(command: Command, definition: Described): HelpPage {
  const { name, description, parameters } = definition;
  const flags = toParameterFlags(parameters).map((flag) => ({
    ...flag,
    description: `${flag.description}${describeLimits(flag.parameter)}`,
  }));
  return {
    title: `operator ${command.name} ${name} – ${description}`,
    usage: [`operator ${command.name} ${name}`, ...requiredFlags(definition), '[flags]'].join(' '),
    details: 'riskLevel' in definition ? [describeRisk(definition)] : [],
    sections: [
      flagsSection(flags.length === 0 ? 'No parameters' : 'Parameters', flags),
      flagsSection(`Flags of ${command.name}`, command.flags),
      globalFlagsSection(),
    ],
    examples: examplesOf(command, definition),
  };
}

/** The page of a command that wants a name, with the names that there are. */
export function namesHelp(command: Command, definitions: readonly Described[]): HelpPage {
  const page = commandHelp(command);
  const [first] = definitions;
  const names: HelpSection = {
    title: 'riskLevel' in (first ?? {}) ? 'Actions' : 'Observations',
    entries: definitions.map(({ name, description }) => [name, description]),
  };
  return {
    ...page,
    sections: [names, ...page.sections],
    examples: first === undefined ? page.examples : examplesOf(command, first),
  };
}

function requiredFlags({ parameters }: Described): readonly string[] {
  return toParameterFlags(parameters)
    .filter(({ parameter }) => parameter.required)
    .map(({ name, value }) => (value === undefined ? `--${name}` : `--${name} ${value}`));
}

function describeLimits(parameter: Described['parameters'][string]): string {
  const { required, minimum, maximum, default: filled, enum: allowed, pattern } = parameter;
  const limits = [
    required ? ['required'] : [],
    filled === undefined ? [] : [`default ${JSON.stringify(filled)}`],
    minimum === undefined ? [] : [`at least ${minimum}`],
    maximum === undefined ? [] : [`at most ${maximum}`],
    allowed === undefined ? [] : [`one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`],
    pattern === undefined ? [] : [`matches ${pattern}`],
  ].flat();
  return limits.length === 0 ? '' : ` (${limits.join(', ')})`;
}

function describeRisk({ riskLevel, requiresApproval, hints }: ActionDefinition): string {
  const approval = requiresApproval ? 'Needs approval.' : 'Needs no approval.';
  const twice = hints.idempotent ? ' Doing it twice is the same as doing it once.' : '';
  return `Risk: ${riskLevel}. ${approval}${twice}`;
}

function examplesOf(command: Command, { name, parameters }: Described): readonly Example[] {
  const required = Object.entries(parameters).filter(([, parameter]) => parameter.required);
  const flags = required.map(([key, parameter]) => {
    const text = exampleText(parameter);
    if (parameter.type === 'boolean') return `--${toFlagName(key)}`;
    return `--${toFlagName(key)} ${/^[\w.-]+$/u.test(text) ? text : `'${text}'`}`;
  });
  const line = ['operator', command.name, name, ...flags].join(' ');
  const json: Example = [`${line} --output json`, 'the same for a program'];
  const purpose = PURPOSES[command.name] ?? '';
  return command.name === 'run'
    ? [[line, purpose], [`${line} --yes`, 'without being asked'], json]
    : [[line, purpose], json];
}

const PURPOSES: Readonly<Record<string, string>> = {
  observe: 'ask',
  plan: 'see what it would do',
  run: 'see the plan, then decide',
  verify: 'see whether it is so',
};
