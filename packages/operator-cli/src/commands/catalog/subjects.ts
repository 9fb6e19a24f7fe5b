import type { SubjectEntry } from 'operator-engine';
import { readFlag } from '../../arguments/read-flag.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import type { Look } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import { reportList } from '../../output/report-list.ts';
import { formatTable } from '../../output/table.ts';

/** See `operator subjects --help`. */
export const subjectsCommand = createEngineCommand({
  name: 'subjects',
  summary: 'List the configured systems. Connects to none of them.',
  usage: '[flags]',
  examples: [['operator subjects', 'list the configured systems']],
  use: list,
});

async function list({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { output } = invocation;
  const wanted = readFlag(scanned, 'subject');
  const subjects = engine.subjects().filter(({ name }) => wanted === undefined || name === wanted);
  // The engine's own error for a name that is not configured.
  if (wanted !== undefined && subjects.length === 0) await engine.openSubject(wanted);
  const { configPath } = engine;
  reportList(output, {
    all: { format: 'operator.subjects/1', content: { configPath, subjects } },
    each: 'operator.subject/1',
    rows: subjects,
    lines: () => formatSubjects(subjects, { configPath, look: output.data }),
  });
  if (output.format === 'text' && subjects.some(({ isDefault }) => isDefault)) {
    output.note(['* used without --subject']);
  }
  return EXIT_CODES.done;
}

function formatSubjects(
  subjects: readonly SubjectEntry[],
  { configPath, look }: { configPath: string; look: Look },
): readonly string[] {
  const rows = subjects.map(({ name, plugin, line, isDefault, issues }) => [
    isDefault ? `${name} *` : name,
    printableLine(plugin),
    `${configPath}:${line}`,
    issues.map(({ path, message }) => printableLine(`${path} ${message}`)).join('; ') || 'none',
  ]);
  const titles = ['Subject', 'Plugin', 'Configured in', 'Problems'];
  return formatTable({ columns: titles.map((title) => ({ title })), rows }, look);
}
