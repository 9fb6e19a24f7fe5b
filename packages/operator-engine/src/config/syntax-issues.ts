import type { YAMLError } from 'yaml';
import type { ConfigIssue, Position } from './config-issue.ts';

/** Issues of the YAML library, in words for people who do not know it, each once. */
export function toSyntaxIssues(
  complaints: readonly YAMLError[],
  text: string,
  at: (offset: number) => Position,
): readonly ConfigIssue[] {
  const exhausted = complaints.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted) {
    return [{ path: '', message: 'it is nested too deeply', ...at(exhausted.pos[0]) }];
  }
  const lines = text.split('\n');
  const issues = new Map<string, ConfigIssue>();
  for (const { code, message, pos } of complaints) {
    const position = at(pos[0]);
    const [said = message] = code === 'MULTIPLE_DOCS' ? [SECOND_DOCUMENT] : message.split('\n');
    // A brace that YAML takes for its own makes it stumble over the rest of the line too.
    const hasVariable = lines[position.line - 1]?.includes('${') === true;
    const key = hasVariable ? `line ${position.line}` : `${pos[0]} ${said}`;
    const issue = { path: '', message: hasVariable ? `${said}; ${QUOTE}` : said, ...position };
    if (!issues.has(key)) issues.set(key, issue);
  }
  return [...issues.values()];
}

const SECOND_DOCUMENT = 'a second document begins here: one file holds one';
const QUOTE = 'write text with ${…} in quotes';
