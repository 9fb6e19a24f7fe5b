import type { HttpLogin, OperatorError } from 'operator-core';
import { readPointer } from '../base/json-pointer.ts';
import { createEngineError } from '../errors/engine-error.ts';

/** Sends the login to one endpoint: status and body of its answer. */
export type Ask = (
  origin: string,
  login: HttpLogin,
) => Promise<{ readonly status: number; readonly body: string }>;

/** The token of a client, got when the first request needs it. */
export class LoginSession {
  readonly #login: HttpLogin;
  readonly #ask: Ask;
  readonly #onToken: (token: string) => void;
  #token: string | null = null;
  #pending: Promise<string> | null = null;

  constructor(login: HttpLogin, ask: Ask, onToken: (token: string) => void) {
    this.#login = login;
    this.#ask = ask;
    this.#onToken = onToken;
  }

  /** Headers with the token; logs in at this endpoint when there is none. */
  async headers(origin: string): Promise<Readonly<Record<string, string>>> {
    const token = this.#token ?? (await this.#renew(origin));
    const entries = Object.entries(this.#login.headers);
    return Object.fromEntries(
      entries.map(([name, value]) => [name, value.replaceAll('${token}', token)]),
    );
  }

  /** The system did not take the token: the next request logs in again. */
  forget(): void {
    this.#token = null;
  }

  /** Several requests at a time log in once. */
  async #renew(origin: string): Promise<string> {
    this.#pending ??= this.#logIn(origin).finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #logIn(origin: string): Promise<string> {
    const { status, body } = await this.#ask(origin, this.#login);
    const token = status < 300 ? readToken(body, this.#login.tokenAt) : null;
    if (token === null) throw this.#createRefused(origin, status);
    this.#onToken(token);
    this.#token = token;
    return token;
  }

  /** The answer is no part of the error: it may repeat what was sent. */
  #createRefused(origin: string, status: number): OperatorError {
    const { method, path } = this.#login;
    const why = status < 300 ? 'its answer has no token' : `status ${status}`;
    return createEngineError('LOGIN_REFUSED', {
      message: `${origin} did not accept the login by ${method} ${path}: ${why}.`,
      remedy: 'Correct the name and the password in the configuration of the subject.',
      facts: { origin, method, path, status },
    });
  }
}

function readToken(body: string, at: string): string | null {
  try {
    const value = readPointer(JSON.parse(body), at);
    return typeof value === 'string' && value !== '' ? value : null;
  } catch {
    return null;
  }
}
