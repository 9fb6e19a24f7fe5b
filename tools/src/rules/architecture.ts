import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SourceFile } from '../repository.ts';
import { ROOT } from '../root.ts';

const PAGE = 'ARCHITECTURE.md';
const MOST_WORDS = 30;
const ENGINE = 'packages/operator-engine/src/';

const IN_REPOSITORY = /^(packages|tools|docs)\//u;
/** A file of the engine, from its `src` on: `runs/execute-run.ts`. */
const IN_ENGINE = /^[\w-]+(\/[\w-]+)+\.ts$/u;

/** Claims of the architecture page that the repository does not keep: paths, folders of the engine, words of the glossary. */
export function checkArchitecture(files: readonly SourceFile[]): readonly string[] {
  const page = files.find((file) => file.path === PAGE);
  if (page === undefined) return [`${PAGE}: is not there`];
  return [
    ...checkPaths(page.text),
    ...checkEngineFolders(page.text, files),
    ...checkGlossary(page.text, files),
  ];
}

function checkPaths(text: string): readonly string[] {
  return quoted(text)
    .filter((name) => IN_REPOSITORY.test(name) || IN_ENGINE.test(name))
    .filter((name) => !existsSync(path.join(ROOT, IN_REPOSITORY.test(name) ? '' : ENGINE, name)))
    .map((name) => `${PAGE}: ${name} is not there`);
}

/** Each folder of the engine is named, so that the page stays whole. */
function checkEngineFolders(text: string, files: readonly SourceFile[]): readonly string[] {
  const root = ENGINE;
  const names = new Set(quoted(text));
  const folders = files
    .filter((file) => file.path.startsWith(root))
    .map((file) => path.posix.dirname(file.path.slice(root.length)))
    .filter((folder) => folder !== '.');
  return [...new Set(folders)]
    .filter((folder) => !names.has(folder))
    .map((folder) => `${PAGE}: the folder ${folder} of the engine is not explained`);
}

/** A word of the glossary is a word of the code. */
function checkGlossary(text: string, files: readonly SourceFile[]): readonly string[] {
  const rows = text.slice(text.indexOf('## Glossary')).matchAll(/^\| ([a-z][a-z ]*?) +\|/gmu);
  const words = [...rows].map(([, word = '']) => word).filter((word) => word !== 'word');
  const sources = files.filter((file) => /^packages\/[\w-]+\/src\//u.test(file.path));
  const unused = words.filter((word) => !sources.some((file) => file.text.includes(word)));
  return [
    ...(words.length > 0 && words.length <= MOST_WORDS
      ? []
      : [`${PAGE}: the glossary has ${words.length} words; it may have 1 to ${MOST_WORDS}`]),
    ...unused.map((word) => `${PAGE}: no source has the word ${word} of the glossary`),
  ];
}

function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/gu)].map(([, name = '']) => name);
}
