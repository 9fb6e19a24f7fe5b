/** A file that a Markdown text shows whole: a fenced block with a title. */
export interface ShownFile {
  readonly name: string;
  readonly text: string;
}

const TITLED = /^```\w+ title="([^"]+)"\n([\s\S]*?)^```$/gmu;
const SHELL = /^```sh\n([\s\S]*?)^```$/gmu;

/** The files that a Markdown text shows, in its order. */
export function extractFiles(markdown: string): readonly ShownFile[] {
  return [...markdown.matchAll(TITLED)].map(([, name = '', text = '']) => ({ name, text }));
}

/** The commands that a Markdown text shows, in its order, one a line. */
export function extractCommands(markdown: string): readonly string[] {
  return [...markdown.matchAll(SHELL)].flatMap(([, text = '']) =>
    text.split('\n').filter((line) => line.trim() !== ''),
  );
}
