import { isJsonObject } from 'operator-core';

const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

/** The file that a package.json gives to `import` for the package itself, or `null`. */
export function importTarget(manifest: string): string | null {
  try {
    const { exports } = JSON.parse(manifest) as { exports?: unknown };
    const isMapOfPaths = isJsonObject(exports) && Object.keys(exports).some(startsWithDot);
    const target = choose(isMapOfPaths ? exports['.'] : exports);
    return target !== null && target.startsWith('./') && !target.includes('..') ? target : null;
  } catch {
    return null;
  }
}

function choose(target: unknown): string | null {
  if (typeof target === 'string') return target;
  if (!isJsonObject(target)) return null;
  for (const [condition, below] of Object.entries(target)) {
    const chosen = CONDITIONS.has(condition) ? choose(below) : null;
    if (chosen !== null) return chosen;
  }
  return null;
}

function startsWithDot(key: string): boolean {
  return key.startsWith('.');
}
