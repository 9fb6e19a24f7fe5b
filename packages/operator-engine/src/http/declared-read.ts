import type { ReadDeclaration } from 'operator-core';

/** Tells whether a plugin has declared a request to be a read, with any query. */
export function isDeclaredRead(
  reads: readonly ReadDeclaration[],
  { method, path }: { readonly method: string; readonly path: string },
): boolean {
  const [pathname] = path.split('?', 1);
  return reads.some((read) => 'path' in read && read.method === method && read.path === pathname);
}

/** Tells whether a plugin has declared statements of this name to be reads. */
export function isReadStatement(
  reads: readonly ReadDeclaration[],
  { protocol, name }: { readonly protocol: string; readonly name: string },
): boolean {
  return reads.some(
    (read) => 'names' in read && read.protocol === protocol && read.names.includes(name),
  );
}
