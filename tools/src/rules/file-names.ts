import type { SourceFile } from '../repository.ts';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/u;
/** Names that tools and people expect in just this spelling. */
const CONVENTIONAL = /^([A-Z]{2,}(\.md)?|\.[a-z][a-z.-]*)$/u;

/** Files and folders that are not named in kebab-case. Recordings keep the names they came with. */
export function checkFileNames(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !path.includes('/fixtures/'))
    .filter(({ path }) =>
      path.split('/').some((part) => !KEBAB.test(part) && !CONVENTIONAL.test(part)),
    )
    .map(({ path }) => `${path}: is not named in kebab-case`);
}
