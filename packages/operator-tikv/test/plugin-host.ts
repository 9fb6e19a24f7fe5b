import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { HttpDispatcher, HttpOptions, PluginHost } from 'operator-core';
import { Agent } from 'undici';
import { closeLater } from './observations/open-cluster.ts';

/** A host that guards nothing and remembers how HTTP was asked for. */
export interface TestHost extends PluginHost {
  readonly opened: readonly HttpOptions[];
}

export function createHost(folder: string): TestHost {
  const opened: HttpOptions[] = [];
  return {
    subjectName: 'test',
    opened,
    openHttp(options: HttpOptions = {}): HttpDispatcher {
      opened.push(options);
      const { serverName, ...pems } = options.tls ?? {};
      const connect = { ...pems, ...(serverName === undefined ? {} : { servername: serverName }) };
      const agent = new Agent({ connect });
      closeLater(() => agent.destroy());
      return agent;
    },
    openClient: () => {
      throw new Error('this host has no client');
    },
    spend: (_request, write) => write(),
    admit: () => {},
    readFile: (path) => readFile(resolve(folder, path), 'utf8'),
  };
}
