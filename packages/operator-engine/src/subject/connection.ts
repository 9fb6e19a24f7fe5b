import { isHttpRequest } from 'operator-core';
import type { OperatorError, Subject, TargetedRequest } from 'operator-core';
import { callPlugin } from '../plugin/call-plugin.ts';
import type { PluginCall } from '../plugin/call-plugin.ts';
import type { SubjectHost } from '../plugin/plugin-host.ts';
import type { WriteGuard } from '../http/write-guard.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { redactError } from '../secrets/redact-error.ts';
import { TIMED_OUT, withinTime } from '../base/signals.ts';

/** A connected subject together with the guard of its HTTP. */
export class Connection {
  readonly subject: Subject;
  readonly guard: WriteGuard;
  readonly secrets: KnownSecrets;
  readonly #host: SubjectHost;
  readonly #isUnguarded: boolean;

  constructor(
    subject: Subject,
    options: { guard: WriteGuard; host: SubjectHost; secrets: KnownSecrets; isUnguarded: boolean },
  ) {
    this.subject = subject;
    this.guard = options.guard;
    this.#host = options.host;
    this.secrets = options.secrets;
    this.#isUnguarded = options.isUnguarded;
  }

  /** True when the guard sees what leaves for a request of this kind: by the host's HTTP, or by `spend`. */
  observes(request: TargetedRequest): boolean {
    return isHttpRequest(request) ? this.#host.hasOpenedHttp : !this.#isUnguarded;
  }

  /** True when the plugin does its HTTP through the host. */
  get hasHttp(): boolean {
    return this.#host.hasOpenedHttp;
  }

  /**
   * Lets the plugin read. Fails with `WRITE_WHILE_READING` when it tried anything else meanwhile, even
   * when it kept that to itself.
   */
  async read<Value>(
    call: PluginCall,
    run: (subject: Subject, signal: AbortSignal) => Value | Promise<Value>,
  ): Promise<Value> {
    const before = this.guard.denials;
    try {
      return await callPlugin(call, (signal) => run(this.subject, signal));
    } catch (error) {
      throw redactError(error, this.secrets);
    } finally {
      this.#throwDenial(before);
    }
  }

  /** Closes the subject and everything that it opened. What goes wrong there changes nothing any more. */
  async close(limitMs: number): Promise<void> {
    const closing = (async () => this.subject.close())();
    await withinTime(closing, { limitMs }).catch(() => TIMED_OUT);
    await withinTime(this.#host.close(), { limitMs }).catch(() => TIMED_OUT);
  }

  #throwDenial(before: number): void {
    const denial: OperatorError | null = this.guard.lastDenial;
    if (this.guard.denials > before && denial !== null) throw denial;
  }
}
