import type { HttpDispatcher, TlsOptions } from 'operator-core';
import { toNodeTls } from './node-tls.ts';

/** A machine that does not answer at all is given up after this, so that the next one is asked. */
const CONNECT_TIMEOUT_MS = 3000;

/** Sockets to one server. PD's answers are short: more would only wait inside PD. */
const SOCKETS_PER_ENDPOINT = 16;

/** Makes an own pool of connections. undici is loaded here, so that listing actions does not cost it. */
export async function createDispatcher(tls: TlsOptions | null): Promise<HttpDispatcher> {
  const { Agent } = await import('undici');
  return new Agent({
    connections: SOCKETS_PER_ENDPOINT,
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS, ...toNodeTls(tls ?? {}) },
  });
}
