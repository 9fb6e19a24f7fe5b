import type { ReadDeclaration } from 'operator-core';

/** Tells whether a plugin has declared a request to be a read, with any query. */
export function isDeclaredRead(
  reads: readonly ReadDeclaration[],
  { method, path }: { readonly method: string; readonly path: string },
): boolean {
  const [pathname] = path.split('?', 1);
  return reads.some((read) => read.method === method && read.path === pathname);
}
