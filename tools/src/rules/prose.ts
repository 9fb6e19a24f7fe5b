import type { SourceFile } from '../repository.ts';

interface PhraseRule {
  readonly pattern: RegExp;
  readonly better: string;
}

/** Phrases that readers must parse twice, and the ones to use. */
const PHRASES: readonly PhraseRule[] = [
  { pattern: /\b(some|any)body\b/iu, better: 'the role: user, owner, approver, runner' },
  { pattern: /\bnobody\b/iu, better: 'no user, or the passive' },
  { pattern: /\bwho(so)?ever\b/iu, better: 'the role: user, owner, approver, runner' },
  { pattern: /\bwherever\b/iu, better: 'everywhere, or the place' },
  { pattern: /\banew\b/iu, better: 'again' },
  { pattern: /\b(to|can|cannot) be had\b/iu, better: 'is available' },
  { pattern: /\bonce more\b/iu, better: 'again' },
  { pattern: /\basks? no more\b/iu, better: 'has stopped reading' },
  { pattern: /\bha(s|d|ve) in hand\b/iu, better: 'works on, has not finished' },
  { pattern: /\b(go|goes|going|gone) on with\b/iu, better: 'continue, resume' },
  { pattern: /\bas it were\b/iu, better: 'the thing itself' },
  { pattern: /\b(say|says|said) once what\b/iu, better: 'share' },
  { pattern: /\bseats?\b/iu, better: 'runner' },
  { pattern: /\boverseers?\b/iu, better: 'watcher' },
  { pattern: /\bvigils?\b/iu, better: 'timer' },
  { pattern: /\bchores?\b/iu, better: 'task' },
  { pattern: /\bstrangers?\b/iu, better: 'unknown, foreign' },
  { pattern: /\bhouses?\b/iu, better: 'server, project' },
];

/** A docstring that begins with a free relative: `Why it failed` for `Reason for the failure`. */
const OPENER =
  /\/\*\*\s*(?:\*\s*)?((?:What|Whether|Who|Whose|Whom|How|Which|Where|When|Why)(?:ever)?)\b/gu;

/** A docstring of a yes or no that begins with `Tells whether` for `True when`. */
const TELLS = /\/\*\*\s*(?:\*\s*)?(Tells (?:whether|if))\b/gu;

const EXEMPT = /(^|\/)fixtures\/|CHANGELOG\.md$|^LICENSE$/u;
const TESTS = /(^|\/)test\/|\.test\.ts$/u;
const SCRIPT = /\.m?[jt]s$/u;

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/u;
const TEXT = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/u;
const TOKEN = new RegExp(`(?<comment>${COMMENT.source})|(?<text>${TEXT.source})`, 'gu');

/** The call that ends before a title: `it(`, `describe.each(…)(`. */
const TITLE = /(\b(it|test|describe)(\.\w+)*|\))\(\s*$/u;

/** Every docstring with a bad opening, and every phrase that readers must parse twice. */
export function checkProse(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !EXEMPT.test(path))
    .flatMap((file) => [...badOpenings(file), ...badPhrases(file)]);
}

function badOpenings({ path, text }: SourceFile): readonly string[] {
  if (!SCRIPT.test(path) || TESTS.test(path)) return [];
  const relatives = [...text.matchAll(OPENER)].map(
    ({ index, 1: word }) =>
      `${at(path, text, index)}: a docstring begins with a noun or a verb: ${word}`,
  );
  const answers = [...text.matchAll(TELLS)].map(
    ({ index, 1: words }) => `${at(path, text, index)}: True when, for: ${words}`,
  );
  return [...relatives, ...answers];
}

function badPhrases({ path, text }: SourceFile): readonly string[] {
  return passages(path, text).flatMap(({ start, prose }) =>
    PHRASES.flatMap(({ pattern, better }) =>
      [...prose.matchAll(new RegExp(pattern.source, 'giu'))].map(
        ({ index, 0: phrase }) =>
          `${at(path, text, start + index)}: plain words (${better}): ${phrase}`,
      ),
    ),
  );
}

interface Passage {
  readonly start: number;
  readonly prose: string;
}

/** The prose of a file: all of a page; of a program its comments and texts, of a test its comments and titles. */
function passages(path: string, text: string): readonly Passage[] {
  if (path.endsWith('.md')) return [{ start: 0, prose: text }];
  if (!SCRIPT.test(path)) return [];
  return [...text.matchAll(TOKEN)].flatMap(({ index, 0: prose, groups }) => {
    const read = groups?.['comment'] !== undefined || isProse(path, text, index, prose);
    return read ? [{ start: index, prose: withoutCode(prose) }] : [];
  });
}

/** A text without a space is a name or a path. */
function isProse(path: string, text: string, start: number, prose: string): boolean {
  if (!prose.includes(' ')) return false;
  return !TESTS.test(path) || TITLE.test(text.slice(Math.max(0, start - 80), start));
}

/** The text with blanks in place of the code in `${…}`. */
function withoutCode(prose: string): string {
  return prose.replaceAll(/\$\{[^{}]*\}/gu, (code) => ' '.repeat(code.length));
}

function at(path: string, text: string, index: number): string {
  return `${path}:${text.slice(0, index).split('\n').length}`;
}
