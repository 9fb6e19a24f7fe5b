import path from 'node:path/posix';
import type { SourceFile, WorkspacePackage } from '../repository.ts';
import { importsOf } from './imports.ts';

/**
 * Folders of each package's `src`, from the ground up: a file imports from its own folder and from those
 * before it, never from those after it. `.` holds the files that lie in no folder.
 */
const FOLDER_ORDER: Readonly<Record<string, readonly string[]>> = {
  'operator-core': ['json', 'contract', 'host', '.'],
  'operator-engine': [
    'errors',
    'base',
    'clock',
    'identity',
    'trust',
    'config',
    'http',
    'secrets',
    'plugin',
    'ledger',
    'policy',
    'proofs',
    'ledger/rules/store',
    'ledger/rules/transaction',
    'ledger/rules/tables',
    'ledger/rules/guards',
    'ledger/rules/audit',
    'ledger/rules/runs',
    'ledger/rules',
    'ledger/sqlite',
    'ledger/drivers',
    'events',
    'subject',
    'planning',
    'conditions',
    'verifying',
    'runs/execute',
    'runs/recover',
    'runs/submit',
    'runs',
    'runs/others',
    'leases',
    'runner',
    'doctor',
    'engine',
    'documents',
    'ledger-suite',
    '.',
  ],
  'operator-tikv': [
    'pd/wire',
    'pd/http',
    'pd/read',
    'pd/write',
    'pd',
    'prometheus',
    'model',
    'errors',
    'contract',
    'reads',
    'placement',
    'actions/checks',
    'actions/situation',
    'actions/verifying',
    'actions/drain',
    'actions',
    'actions/sending',
    'observations',
    'diagnose',
    '.',
  ],
  'operator-tikv-sim': [
    'config',
    'text',
    'world/cluster',
    'world/placement',
    'world/operators',
    'world/schedulers',
    'world',
    'operators',
    'simulation',
    'http',
    'endpoints',
    'server',
    'faults',
    'control',
    '.',
  ],
  'operator-cli': [
    'errors',
    'process',
    'arguments',
    'output',
    'command',
    'suggest',
    'asking',
    'builders',
    'commands/report',
    'commands/change',
    'commands/catalog',
    'commands/approvals',
    'commands/mode',
    'commands/init',
    'commands/doctor',
    'commands/audit',
    'commands/runs',
    'commands/lease',
    'commands/ledger',
    'commands/policy',
    'commands/trust',
    'commands',
    '.',
  ],
};

/** Imports that point up in the order of folders, and folders that stand in no order. */
export function checkFolders(
  packages: readonly WorkspacePackage[],
  files: readonly SourceFile[],
): readonly string[] {
  return packages.flatMap(({ folder, manifest }) => {
    const order = FOLDER_ORDER[manifest.name];
    if (order === undefined) return [];
    const sources = files.filter((file) => file.path.startsWith(`${folder}/src/`));
    const floorOf = (file: string) => order.indexOf(folderOf(file, folder));
    return [
      ...order
        .filter((one) => !sources.some((file) => folderOf(file.path, folder) === one))
        .map((one) => `${folder}/src/${one}: stands in the order of folders and holds no file`),
      ...sources.flatMap((file) => checkFile(file, floorOf)),
    ];
  });
}

function checkFile(file: SourceFile, floorOf: (file: string) => number): readonly string[] {
  const floor = floorOf(file.path);
  if (floor < 0) return [`${file.path}: its folder stands in no order of folders`];
  return importsOf(file.text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => path.join(path.dirname(file.path), specifier))
    .filter((target) => floorOf(target) > floor)
    .map((target) => `${file.path}: imports upward from ${target}`);
}

function folderOf(file: string, folder: string): string {
  return path.relative(`${folder}/src`, path.dirname(file)) || '.';
}
