import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Builds the program once, outside of the checkout, for all files of tests. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'operator-built-'));
  execFileSync(process.execPath, ['build.ts', folder], { cwd: PACKAGE });
  cpSync(join(PACKAGE, 'package.json'), join(folder, 'package.json'));
  // Tests run it as other users too.
  chmodSync(folder, 0o755);
  process.env['OPERATOR_TEST_PROGRAM'] = join(folder, 'dist/bin.js');
  return () => rmSync(folder, { recursive: true, force: true });
}
