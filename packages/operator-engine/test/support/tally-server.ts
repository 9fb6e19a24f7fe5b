import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/**
 * A server with a protocol of its own, one line a command, over TCP: `ID`, `GET NAME`, `ADD NAME AMOUNT`. Adding twice
 * counts twice, so that a test sees each line that arrived.
 */
export class TallyServer implements AsyncDisposable {
  readonly received: string[] = [];
  readonly tallies = new Map<string, number>();
  /** Called with each `ADD`; where it answers `silent`, the work is done and no answer is sent. */
  onAdd: (line: string) => 'answer' | 'silent' | 'refuse' = () => 'answer';
  port = 0;
  readonly #server: Server = createServer((socket) => {
    this.#serve(socket);
  });
  readonly #sockets = new Set<Socket>();

  /** The lines that change something. */
  get additions(): readonly string[] {
    return this.received.filter((line) => line.startsWith('ADD'));
  }

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#answer(line, socket);
    });
  }

  #answer(line: string, socket: Socket): void {
    this.received.push(line);
    const [command, name = '', amount] = line.split(' ');
    const tally = this.tallies.get(name) ?? 0;
    if (command === 'ID') socket.write('tally-1\n');
    else if (command === 'GET') socket.write(`${tally}\n`);
    else {
      const how = this.onAdd(line);
      if (how !== 'refuse') this.tallies.set(name, tally + Number(amount));
      if (how !== 'silent') socket.write(how === 'refuse' ? 'NO it is closed\n' : 'OK\n');
    }
  }
}
