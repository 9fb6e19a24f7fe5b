import type * as sqlite from 'node:sqlite';

/**
 * Node's own SQLite, loaded only when a ledger is opened. Node calls it experimental on the standard
 * error stream as it loads; that one warning is of no use to who operates a system.
 */
export function loadSqlite(): typeof sqlite {
  const emit = Reflect.get(process, 'emitWarning');
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (!isAboutSqlite(warning, rest[0])) Reflect.apply(emit, process, [warning, ...rest]);
  };
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emit;
  }
}

function isAboutSqlite(warning: string | Error, type: unknown): boolean {
  const text = typeof warning === 'string' ? warning : warning.message;
  return type === 'ExperimentalWarning' && text.includes('SQLite');
}
