import type { TlsOptions } from 'operator-core';

/** TLS as Node's sockets take it, with only what was given. */
export function toNodeTls({ ca, cert, key, serverName }: TlsOptions): Record<string, string> {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
