import { parseSimpleArguments, readFlag } from '../arguments/parse-arguments.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { commandHelp, printHelp } from '../help.ts';
import { withEngine } from '../with-engine.ts';
import { printableLine } from '../output/printable.ts';
import { formatTable } from '../output/table.ts';

/** See `operator subjects --help`. */
export const subjectsCommand: Command = {
  name: 'subjects',
  summary: 'List the configured systems. Connects to none of them.',
  usage: '[flags]',
  flags: [],
  examples: [['operator subjects', 'what is configured, and where']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { command, output, io } = invocation;
  const scanned = parseSimpleArguments(invocation, 0);
  if (scanned.flags.has('help')) {
    printHelp(commandHelp(command), output);
    return EXIT_CODES.done;
  }
  return withEngine(invocation, async (engine) => {
    const entries = engine.subjects();
    const chosen = io.env['OPERATOR_SUBJECT'] || (entries.length === 1 ? entries[0]?.name : null);
    const wanted = readFlag(scanned, 'subject');
    const subjects = entries
      .filter(({ name }) => wanted === undefined || name === wanted)
      .map((entry) => ({ ...entry, isDefault: entry.name === chosen }));
    // The engine's own error for a name that is not configured.
    if (wanted !== undefined && subjects.length === 0) await engine.openSubject(wanted);
    const { configPath } = engine;
    if (output.format === 'json') {
      output.emit({ format: 'operator.subjects/1', configPath, subjects });
    }
    if (output.format === 'ndjson') {
      for (const subject of subjects) output.emit({ format: 'operator.subject/1', ...subject });
    }
    if (output.format === 'text') {
      const rows = subjects.map(({ name, plugin, line, isDefault, issues }) => [
        isDefault ? `${name} *` : name,
        printableLine(plugin),
        `${configPath}:${line}`,
        issues.map(({ path, message }) => printableLine(`${path} ${message}`)).join('; ') || 'none',
      ]);
      const columns = ['Subject', 'Plugin', 'Configured in', 'Problems'].map((title) => ({
        title,
      }));
      output.print(formatTable({ columns, rows }, output.data));
      if (subjects.some(({ isDefault }) => isDefault)) output.note(['* used without --subject']);
    }
    return EXIT_CODES.done;
  });
}
