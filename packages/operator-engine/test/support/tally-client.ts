import { once } from 'node:events';
import { connect } from 'node:net';
import type { PluginHost } from 'operator-core';

/** One command on a connection of its own. Every command is asked of the host first. */
export class TallyClient {
  readonly #port: number;
  readonly #host: Pick<PluginHost, 'admit'>;

  constructor(port: number, host: Pick<PluginHost, 'admit'>) {
    this.#port = port;
    this.#host = host;
  }

  async ask(...words: readonly string[]): Promise<string> {
    this.#host.admit('tally', words[0] ?? '');
    return this.askPastTheHost(...words);
  }

  async askPastTheHost(...words: readonly string[]): Promise<string> {
    const socket = connect(this.#port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write(`${words.join(' ')}\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString('utf8').trim();
    } finally {
      socket.destroy();
    }
  }
}
