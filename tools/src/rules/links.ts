import path from 'node:path';
import type { SourceFile } from '../repository.ts';

const FENCE = /^(`{3,}|~{3,})[\s\S]*?^\1\s*$/gmu;
const INLINE_CODE = /`[^`\n]*`/gu;
const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/gu;
const HEADING = /^#{1,6}\s+(.+)$/gmu;

/** Relative links of Markdown files that lead nowhere, to a file or to a heading. */
export function checkLinks(files: readonly SourceFile[]): readonly string[] {
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const folders = new Set(files.flatMap((file) => ancestorsOf(file.path)));
  return files
    .filter((file) => file.path.endsWith('.md') && !file.path.endsWith('CHANGELOG.md'))
    .flatMap((file) =>
      linksOf(file.text)
        .filter((link) => !leadsSomewhere(file.path, link, { texts, folders }))
        .map((link) => `${file.path}: the link ${link} leads nowhere`),
    );
}

/** The anchors that a Markdown text has, as code forges make them of its headings. */
export function anchorsOf(text: string): readonly string[] {
  const counts = new Map<string, number>();
  return [...text.replaceAll(FENCE, '').matchAll(HEADING)].map(([, heading = '']) => {
    const anchor = heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/gu, '-');
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

function linksOf(text: string): readonly string[] {
  const prose = text.replaceAll(FENCE, '').replaceAll(INLINE_CODE, '');
  return [...prose.matchAll(LINK)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(https?|mailto):/u.test(link));
}

interface Known {
  readonly texts: ReadonlyMap<string, string>;
  readonly folders: ReadonlySet<string>;
}

function leadsSomewhere(from: string, link: string, { texts, folders }: Known): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : path.posix.join(path.posix.dirname(from), file);
  if (anchor === undefined) {
    return texts.has(target) || folders.has(target.replace(/\/$/u, ''));
  }
  return anchorsOf(texts.get(target) ?? '').includes(anchor);
}

function ancestorsOf(file: string): readonly string[] {
  const folder = path.posix.dirname(file);
  return folder === '.' ? ['.'] : [folder, ...ancestorsOf(folder)];
}
