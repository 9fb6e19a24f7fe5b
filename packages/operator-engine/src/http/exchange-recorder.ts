import type { ExchangeObserver } from './http-exchange.ts';

const MOST_BYTES = 64 * 1024;

/** Collects one exchange and hands it to the observer once, when it has ended. */
export class ExchangeRecorder {
  readonly #observer: ExchangeObserver;
  readonly #request: { method: string; url: string; body: string | null };
  readonly #startedAt = performance.now();
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status: number | null = null;
  #ended = false;

  constructor(
    observer: ExchangeObserver,
    request: { method: string; url: string; body: Uint8Array | null | undefined },
  ) {
    this.#observer = observer;
    const body = request.body ? Buffer.from(request.body).subarray(0, MOST_BYTES) : null;
    this.#request = { ...request, body: body?.toString('utf8') ?? null };
  }

  answered(status: number): void {
    this.#status = status;
  }

  received(chunk: Buffer): void {
    const room = Math.max(0, MOST_BYTES - this.#bytes);
    this.#bytes += chunk.length;
    // Copied, because undici uses the memory of a chunk again.
    if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
  }

  end(failure: string | null): void {
    if (this.#ended) return;
    this.#ended = true;
    const { method, url, body } = this.#request;
    try {
      this.#observer({
        method,
        url,
        requestBody: body,
        status: this.#status,
        answer: Buffer.concat(this.#chunks).toString('utf8'),
        answerTruncated: this.#bytes > MOST_BYTES,
        durationMs: performance.now() - this.#startedAt,
        failure,
      });
    } catch {
      // Looking on must never change what happens.
    }
  }
}
