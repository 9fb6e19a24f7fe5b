import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join } from 'node:path';

/** Parts of Yarn's Plug'n'Play that find packages, in a process that yarn started. */
interface PnpApi {
  /** Folder of a package, possibly in an archive. Throws for one that the issuer does not depend on. */
  resolveToUnqualified(request: string, issuer: string): string | null;
  resolveVirtual?(path: string): string | null;
}

/** The folder of a package for `issuer`, a file; `null` where Plug'n'Play is not in use there, or has no such package. */
export function findPnpPackage(name: string, issuer: string): string | null {
  try {
    return apiFor(issuer)?.resolveToUnqualified(name, issuer) ?? null;
  } catch {
    // The API throws for a package that is not declared.
    return null;
  }
}

/** The path on the disk, up to its archive, of a path that Plug'n'Play gives; any other path as it is. */
export function toPhysicalPath(path: string): string {
  return apiFor(path)?.resolveVirtual?.(path) ?? path;
}

/** The `.pnp.cjs` above a folder, when this process was started without it; `null`: none, or it is in use. */
export function findUnusedPnp(directory: string): string | null {
  if (apiFor(join(directory, 'package.json')) !== null) return null;
  const file = join(directory, '.pnp.cjs');
  if (existsSync(file)) return file;
  const above = dirname(directory);
  return above === directory ? null : findUnusedPnp(above);
}

/** Node has this function only in a process that was started with Plug'n'Play. */
function apiFor(path: string): PnpApi | null {
  const find: unknown = Reflect.get(nodeModule, 'findPnpApi');
  if (typeof find !== 'function') return null;
  // The type is documented by Yarn.
  return Reflect.apply(find, nodeModule, [path]) as PnpApi | null;
}
