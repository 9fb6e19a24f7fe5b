#!/usr/bin/env node
// Old Nodes must be able to read this file to its end: nothing is imported and nothing newer than
// dynamic import is written here.
const version = process.versions.node.split('.').map(Number);
const isOld = version[0]! < 22 || (version[0] === 22 && version[1]! < 19);

if (isOld) {
  process.stderr.write(
    'operator needs Node 22.19 or newer; this is Node ' +
      process.versions.node +
      '. Update Node, or run it with another.\n',
  );
  process.exitCode = 2;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  // The commonest question of scripts needs nothing of the rest.
  void import('./version.ts').then(({ readVersion }) => {
    process.stdout.write(`${readVersion()}\n`);
  });
} else {
  void import('./main.ts').then(({ main }) => main());
}
