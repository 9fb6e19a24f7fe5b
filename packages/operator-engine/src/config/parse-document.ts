import { LineCounter, parseDocument as parseYaml } from 'yaml';
import { ConfigDocument } from './config-document.ts';
import type { ParsedDocument } from './config-document.ts';
import type { ConfigIssue, Position } from './config-issue.ts';
import { NodeReader } from './node-reader.ts';
import { toSyntaxIssues } from './syntax-issues.ts';

/**
 * Reads YAML or JSON with the place of every value. JSON is nearly YAML, so one reader gives the
 * places for both; that it is JSON is checked before.
 */
export function parseDocument(text: string, format: 'yaml' | 'json'): ParsedDocument {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const parsed = parseYaml(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const syntax = format === 'json' ? jsonIssue(text, at) : null;
  if (syntax !== null) return nothingBut([syntax]);
  const issues = toSyntaxIssues([...parsed.errors, ...parsed.warnings], text, at);
  // What a broken text would mean is a guess; complaints about the guess would only mislead.
  if (issues.length > 0) return nothingBut(issues);
  const reader = new NodeReader(parsed, at);
  const value = reader.read();
  return { document: new ConfigDocument(value, reader.positions), issues: reader.issues };
}

function nothingBut(issues: readonly ConfigIssue[]): ParsedDocument {
  return { document: new ConfigDocument(null, new Map()), issues };
}

function jsonIssue(text: string, at: (offset: number) => Position): ConfigIssue | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = /at position (\d+)/u.exec(message)?.[1];
    const ended = message.includes('end of JSON input');
    const position = at(ended ? text.length : Number(offset ?? 0));
    const said = message.replace(/ (?:in JSON )?at position.*$/su, '');
    return { path: '', message: `this is not JSON: ${said}`, ...position };
  }
}
