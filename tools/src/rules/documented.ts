import type { SourceFile } from '../repository.ts';

const EXPORT =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|const|function|class) (\w+)/u;

/** Exports of the contract that do not say what they are: what others compile against is documented, all of it. */
export function checkDocumented(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => /^packages\/operator-core\/src\/.+\.ts$/u.test(path))
    .flatMap((file) =>
      undocumented(file.text).map((name) => `${file.path}: ${name} is not documented`),
    );
}

function undocumented(text: string): readonly string[] {
  // Remarks for tools may stand between the words and what they are about.
  const lines = text.split('\n').filter((line) => !line.startsWith('//'));
  return lines.flatMap((line, index) => {
    const name = EXPORT.exec(line)?.[1];
    return name === undefined || lines[index - 1]?.trimEnd().endsWith('*/') === true ? [] : [name];
  });
}
