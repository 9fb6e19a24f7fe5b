#!/usr/bin/env node
// Old Nodes must be able to read this file to its end, to be told that they are too old: so this file uses
// nothing newer than dynamic import, and imports only files that do the same.
import { readVersion } from './version.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isOld = major < 22 || (major === 22 && minor < 19);

if (isOld) {
  process.stderr.write(
    `operator needs Node 22.19 or newer, and this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Scripts ask this often. Opening process.stdout would take longer than everything else.
  try {
    process.getBuiltinModule('node:fs').writeSync(1, `${readVersion()}\n`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EPIPE') {
      process.stderr.write(`stdout could not be written: ${message}.\n`);
      process.exitCode = 1;
    }
  }
} else {
  // Node keeps what is compiled when a file is loaded, which would be little: everything else is
  // compiled again at every start. With this it is compiled once and kept.
  const { directory } = process.getBuiltinModule('node:module').enableCompileCache();
  if (directory !== undefined) process.getBuiltinModule('node:v8').setFlagsFromString('--no-lazy');
  void import('./main.ts').then(({ main }) => main());
}
