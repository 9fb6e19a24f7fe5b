import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Packages that are CommonJS and ask for others at run time. */
const REQUIRE =
  "import { createRequire as createRequireOfBundle } from 'node:module';" +
  'const require = createRequireOfBundle(import.meta.url);';

/**
 * Path of a file that contains the program at `entry` and all that it imports. A process of it starts in a third of
 * the time that the sources take. Every user can read the file; it is removed when this process ends.
 */
export function bundleProgram(entry: URL): string {
  const folder = mkdtempSync(join(tmpdir(), 'operator-program-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const source = fileURLToPath(entry);
  const outfile = join(folder, basename(source).replace(/\.ts$/u, '.mjs'));
  buildSync({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    conditions: ['@operator/source'],
    banner: { js: REQUIRE },
    // undici asks for this name to leave out its second, experimental parser when it is bundled.
    define: { esbuildDetection: '1' },
    logLevel: 'warning',
  });
  chmodSync(folder, 0o755);
  return outfile;
}
