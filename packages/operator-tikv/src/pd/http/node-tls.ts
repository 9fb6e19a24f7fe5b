import type { TlsOptions } from 'operator-core';

/** TLS options of Node's sockets, with only the given ones. */
export function toNodeTls({ ca, cert, key, serverName }: TlsOptions): Record<string, string> {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
