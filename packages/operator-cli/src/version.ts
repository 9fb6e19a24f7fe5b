/** The version of this package in its package.json. */
export function readVersion(): string {
  // Not imported: bin.ts needs this file, and must be readable for Nodes that have no such import.
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}
