import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Keeps what tests leave as state of a user out of the home of the one who runs them. */
export default function setup(): () => void {
  const directory = mkdtempSync(path.join(tmpdir(), 'operator-test-state-'));
  // Tests run as other users too.
  chmodSync(directory, 0o1777);
  process.env['XDG_STATE_HOME'] = directory;
  return () => rmSync(directory, { recursive: true, force: true });
}
