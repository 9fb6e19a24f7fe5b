import { isHttpRequest, toRequestTitle } from 'operator-core';
import type { Effect, Inverse, ParamDef, Plan, Quantity, TargetedRequest } from 'operator-core';
import { formatCommand } from '../arguments/format-command.ts';
import { formatFacts } from './facts-view.ts';
import type { Look } from './output.ts';
import { printable, printableLine } from './printable.ts';
import { indent, section } from './section.ts';
import type { Style } from './style.ts';
import { formatPairs } from './table.ts';
import { formatDuration } from './units.ts';
import { formatValue } from './value.ts';

/** Definitions of the parameters: secret values are not shown. */
export type SecretDefs = Readonly<Record<string, Pick<ParamDef, 'secret'>>>;

/** A plan in lines: everything that a person needs to know before it is sent. */
export function formatPlan(
  plan: Plan,
  { style }: Look,
  definitions: SecretDefs = {},
): readonly string[] {
  return [
    `${style.bold('Plan:')} ${style.bold(printableLine(plan.summary))}`,
    '',
    ...indent(formatPairs(headOf(plan, { style, definitions }))),
    ...section('What is expected to change', formatEffects(plan.effects), style),
    ...section('How much it touches', formatPairs(plan.impact.map(toQuantityPair)), style),
    ...section('Warnings', formatWarnings(plan.warnings, style), style),
    ...section('Must still be so when it is sent', formatFacts(plan.evidence.bound), style),
    ...section('Also read', formatFacts(plan.evidence.shown), style),
    ...section('Kept for the proof', formatPairs(contextOf(plan)), style),
    ...section('What will be sent, byte for byte', formatRequests(plan.requests), style),
    ...section('Afterwards', formatPairs(tailOf(plan)), style),
  ];
}

function contextOf({ context = {} }: Plan): readonly (readonly [string, string])[] {
  return Object.entries(context).map(([name, value]) => [printableLine(name), formatValue(value)]);
}

/** A system as one phrase: `etcd 123, version 3.5`. */
export function formatSystem({ kind, id, version }: Plan['subject']['system']): string {
  const suffix = version === undefined ? '' : `, version ${version}`;
  return printableLine(`${kind} ${id}${suffix}`);
}

const UNGUARDED: readonly [string, string] = [
  'Guard',
  'none: Operator does not see what this plugin sends, and cannot hold it to the plan',
];

function headOf(
  plan: Plan,
  { style, definitions }: { style: Style; definitions: SecretDefs },
): readonly (readonly [string, string])[] {
  const { subject, action, parameters, riskLevel } = plan;
  const paint = { low: style.green, medium: style.yellow, high: style.red }[riskLevel];
  const approval = plan.requiresApproval ? ', needs approval' : '';
  return [
    ['Subject', printableLine(`${subject.name} (plugin ${subject.plugin})`)],
    ['System', style.bold(formatSystem(subject.system))],
    ['Action', printableLine(`${action} ${formatParameters(parameters, definitions)}`)],
    ['Risk', `${paint(riskLevel)}${approval}`],
    ...(subject.guard === 'none' ? [UNGUARDED] : []),
  ];
}

function formatParameters(parameters: Plan['parameters'], definitions: SecretDefs): string {
  return Object.entries(parameters)
    .map(([name, value]) => {
      const isSecret = definitions[name]?.secret === true;
      return `${name}=${isSecret ? '(hidden)' : JSON.stringify(value)}`;
    })
    .join(' ');
}

function formatInverse(inverse: Inverse): string {
  if ('none' in inverse) return `nothing: ${printableLine(inverse.none)}`;
  const { action: name, parameters } = inverse;
  const definition = { parameters: {} };
  return printableLine(formatCommand({ command: 'run', name, parameters, definition }));
}

function tailOf(plan: Plan): readonly (readonly [string, string])[] {
  const { standingEffect, settleMs, deadlineMs, resources, inverse, digest } = plan;
  const settle =
    settleMs > 0
      ? `, and holds for ${formatDuration(settleMs)}, in which the system itself may take it back`
      : '';
  const stays = standingEffect === null ? [] : [[standingEffect.name, standingEffect.resource]];
  return [
    ['Proven when', `the effect is seen within ${formatDuration(deadlineMs)} of sending${settle}`],
    ...stays.map(([name = '', resource = '']): [string, string] => [
      'Stays in force',
      printableLine(`${name} on ${resource}, until it is removed`),
    ]),
    ['Undone by', formatInverse(inverse)],
    ['Disturbs', printableLine(resources.map(formatClaim).join(', ') || 'nothing')],
    ['Digest', digest],
  ];
}

function formatClaim({ resource, mode }: Plan['resources'][number]): string {
  return mode === 'exclusive' ? resource : `${resource} (shared)`;
}

function formatEffects(effects: readonly Effect[]): readonly string[] {
  return formatPairs(
    effects.map(({ resource, description, before, after, unit }) => {
      const change =
        before === undefined && after === undefined
          ? ''
          : `  (${formatValue(before, { unit })} → ${formatValue(after, { unit })})`;
      return [printableLine(resource), printableLine(description) + change];
    }),
  );
}

function toQuantityPair({ name, value, unit }: Quantity): readonly [string, string] {
  return [printableLine(name), formatValue(value, { unit })];
}

function formatWarnings(warnings: readonly string[], style: Style): readonly string[] {
  return warnings.map((warning) => `${style.yellow('!')} ${printableLine(warning)}`);
}

function formatRequests(requests: readonly TargetedRequest[]): readonly string[] {
  return requests.flatMap((request, index) => {
    const { purpose, target, timeoutMs, captures } = request;
    const [line = '', ...body] = linesOf(request);
    return [
      `${index + 1}. ${printableLine(purpose)}`,
      `   ${printableLine(line)}`,
      ...(target.length === 0 ? [] : [`   to ${printableLine(target.join(' or '))}`]),
      ...(timeoutMs === undefined ? [] : [`   waits up to ${formatDuration(timeoutMs)}`]),
      ...body.map((text) => `   ${text}`),
      ...(captures ?? []).map(({ name, at, pattern }) => {
        const where = at === '' ? 'the answer' : `${at} of the answer`;
        return `   keeps ${name}: ${printableLine(where)}, which must match ${printableLine(pattern)}`;
      }),
    ];
  });
}

/** The line of a request, and what follows it: the body, or the rest of a statement. */
function linesOf(request: TargetedRequest): readonly string[] {
  if (!isHttpRequest(request)) {
    return `${request.protocol} ${printable(request.text)}`.split('\n');
  }
  const { body, encoding } = request;
  const note = encoding === undefined ? [] : [`(${encoding})`];
  const content = body === null ? [] : [...note, ...printable(body).split('\n')];
  return [toRequestTitle(request), ...content];
}
