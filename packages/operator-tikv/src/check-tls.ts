import type { TlsOptions } from 'operator-core';
import { invalidTls } from './errors/tikv-errors.ts';

/**
 * Throws `TIKV_TLS_INVALID` for certificates and keys that cannot make a connection. OpenSSL accepts text that is not a
 * certificate authority without an error, and then trusts no server.
 */
export async function checkTls(at: string, { ca, cert, key }: TlsOptions): Promise<void> {
  // Loading them takes time that configurations without TLS need not spend.
  const [{ createSecureContext }, { X509Certificate }] = await Promise.all([
    import('node:tls'),
    import('node:crypto'),
  ]);
  if (ca !== undefined) check(`${at}.ca`, () => new X509Certificate(ca));
  check(`${at}.cert`, () => createSecureContext({ cert }));
  check(`${at}.key`, () => createSecureContext({ cert, key }));
}

function check(at: string, make: () => unknown): void {
  try {
    make();
  } catch (error) {
    throw invalidTls(at, error instanceof Error ? error.message : 'cannot be used', error);
  }
}
