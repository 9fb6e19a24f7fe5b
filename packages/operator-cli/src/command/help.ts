import { GLOBAL_FLAGS } from '../arguments/flag.ts';
import type { Flag } from '../arguments/flag.ts';
import type { Command, Example, Invocation } from './command.ts';
import { EXIT_CODES } from '../errors/exit-code.ts';
import type { Look, Output } from '../output/output.ts';
import { printableLine } from '../output/printable.ts';
import type { Style } from '../output/style.ts';
import { formatPairs } from '../output/table.ts';
import { padText, textWidth, wrapText } from '../output/text-width.ts';

const WIDEST = 100;

/** Help, before it is laid out. */
export interface HelpPage {
  readonly title: string;
  readonly usage: string;
  readonly details?: readonly string[];
  readonly sections: readonly HelpSection[];
  readonly examples: readonly Example[];
}

/** Names and their meanings. */
export interface HelpSection {
  readonly title: string;
  readonly entries: readonly (readonly [string, string])[];
}

/** Writes help to stdout, because it is the requested output. */
export function printHelp(page: HelpPage, output: Output): void {
  const lines = formatHelp(page, output.data);
  if (output.format === 'text') output.print(lines);
  else output.emit('operator.help/1', { text: lines.join('\n') });
}

/** Shows the page of the command that was called; returns the exit code. */
export function showHelp({ command, output }: Invocation): number {
  printHelp(commandHelp(command), output);
  return EXIT_CODES.done;
}

/** The page of the whole program. */
export function globalHelp(commands: readonly Command[]): HelpPage {
  return {
    title: 'operator – change running systems safely: accepted is not done, done is not fixed',
    usage: 'operator COMMAND [flags]',
    sections: [
      { title: 'Commands', entries: commands.map(({ name, summary }) => [name, summary]) },
      globalFlagsSection(),
      {
        title: 'Exit codes',
        entries: [
          ['0', 'done, nothing to do, or accepted with --no-wait'],
          ['1', 'a defect of Operator, or stdout could not be written'],
          ['2 3 4', 'wrong usage, configuration, plugin'],
          [
            '5 6 7',
            'refused (also by policy, lock, limit, stop); needs approval or confirmation; stale',
          ],
          ['8 9', 'action failed, not verified'],
          ['10', 'the system does not answer'],
          ['11', 'partly done: some requests were accepted, a later one was not'],
          ['130', 'interrupted'],
        ],
      },
      {
        title: 'Environment',
        entries: [
          ['OPERATOR_SUBJECT', 'the subject, unless --subject names one'],
          [
            'OPERATOR_ACTOR_KIND',
            'program or agent: set it for programs under a person’s account; they cannot consent to their own runs',
          ],
        ],
      },
    ],
    examples: [
      ['operator init', 'write a configuration'],
      ['operator doctor', 'check that everything is ready'],
      ['operator actions', 'list the changes that are possible'],
      ['operator run --help', 'show how to make a change'],
    ],
  };
}

/** The page of a command. */
export function commandHelp(command: Command): HelpPage {
  return {
    title: `operator ${command.name} – ${command.summary}`,
    usage: `operator ${command.name} ${command.usage}`,
    details: command.details ?? [],
    sections: [flagsSection(`Flags of ${command.name}`, command.flags), globalFlagsSection()],
    examples: command.examples,
  };
}

/** A section of flags. */
export function flagsSection(title: string, flags: readonly Flag[]): HelpSection {
  return { title, entries: flags.map((flag) => [formatFlag(flag), flag.description]) };
}

/** The flags that every command takes. */
export function globalFlagsSection(): HelpSection {
  return flagsSection('Flags of every command', GLOBAL_FLAGS);
}

function formatFlag({ name, value, isNegatable }: Flag): string {
  if (value !== undefined) return `--${name} ${value}`;
  return isNegatable === true ? `--${name}, --no-${name}` : `--${name}`;
}

function formatHelp(page: HelpPage, { style, width }: Look): readonly string[] {
  const wide = Math.min(width ?? WIDEST, WIDEST);
  return [
    ...wrapText(printableLine(page.title), wide).map((line) => style.bold(line)),
    '',
    `${style.bold('Usage:')} ${page.usage}`,
    ...(page.details ?? []).flatMap((text) => ['', ...wrapText(printableLine(text), wide)]),
    ...page.sections.flatMap((section) => formatSection(section, { wide, style })),
    ...formatExamples(page.examples, style),
  ];
}

function formatSection(
  { title, entries }: HelpSection,
  { wide, style }: { wide: number; style: Style },
): readonly string[] {
  if (entries.length === 0) return [];
  const indent = Math.max(...entries.map(([name]) => textWidth(name))) + 4;
  const lines = entries.flatMap(([name, text]) =>
    wrapText(printableLine(text), Math.max(20, wide - indent)).map((line, index) =>
      `${padText(index === 0 ? `  ${name}` : '', indent)}${line}`.trimEnd(),
    ),
  );
  return ['', style.bold(title), ...lines];
}

function formatExamples(examples: readonly Example[], style: Style): readonly string[] {
  if (examples.length === 0) return [];
  const lines = formatPairs(examples.map(([line, purpose]) => [line, `# ${purpose}`]));
  return ['', style.bold('Examples'), ...lines.map((line) => `  ${line}`)];
}
