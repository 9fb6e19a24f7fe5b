import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SEPARATOR = `\n${'-'.repeat(80)}\n\n`;

/**
 * Writes `THIRD-PARTY-LICENSES.txt` into the folder of a bundle: name, version and license of every
 * package that was installed and is now part of it, as their licenses ask for. Takes the paths of all
 * files that went in. Throws when one of the packages has no license to pass on.
 */
export function writeThirdPartyLicenses(folder: string, inputs: Iterable<string>): void {
  const texts = packageFolders(inputs).map(readLicense);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), texts.join(SEPARATOR));
}

function packageFolders(inputs: Iterable<string>): readonly string[] {
  const folders = [...inputs].flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path) ?? [],
  );
  return [...new Set(folders)].toSorted();
}

function readLicense(folder: string): string {
  const { name, version }: Record<string, string> = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/iu.test(entry));
  if (file === undefined) throw new Error(`${name} has no license file`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
