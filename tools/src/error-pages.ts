/** One code as the page of errors has it. */
export interface DocumentedCode {
  readonly section: string;
  readonly code: string;
  /** `null` for refusals: their kind follows from when they are said. */
  readonly kind: string | null;
  readonly meaning: string;
  readonly remedy: string;
}

/** The rows of the tables whose first column is a code, each with the heading above it. */
export function readErrorPage(markdown: string): readonly DocumentedCode[] {
  let section = '';
  return markdown.split('\n').flatMap((line) => {
    const heading = /^## (.+)$/u.exec(line);
    if (heading !== null) section = heading[1] ?? '';
    const cells = /^\|(.+)\|$/u
      .exec(line)?.[1]
      ?.split(/(?<!\\)\|/u)
      .map((cell) => cell.trim());
    const code = /^`([A-Z][A-Z0-9_]*)`$/u.exec(cells?.[0] ?? '')?.[1];
    if (cells === undefined || code === undefined) return [];
    const [kind, meaning = '', remedy = ''] =
      cells.length === 4 ? cells.slice(1) : [null, ...cells.slice(1)];
    return [{ section, code, kind: kind ?? null, meaning: meaning ?? '', remedy: remedy ?? '' }];
  });
}

const RAISED =
  /(?:\bcode:\s*|\b\w*(?:[eE]rror|[rR]efus\w*|[fF]ail\w*|misbehaved)\(\s*)'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'/gu;

/** The codes that a source raises as literals. */
export function codesRaisedIn(source: string): readonly string[] {
  return [...source.matchAll(RAISED)].map(([, code = '']) => code);
}
