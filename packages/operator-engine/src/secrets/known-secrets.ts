import { isJsonObject } from 'operator-core';
import type { JsonValue } from 'operator-core';
import { isSecretKey } from './redact.ts';

/** Shorter texts stand in too many others by chance. */
const SHORTEST = 4;
const LONGEST = 4_096;

/**
 * The secrets that this process has met while working with one subject: from its configuration, from
 * files that the plugin reads, from parameters and from logins. They are masked in every place.
 */
export class KnownSecrets {
  readonly #texts = new Set<string>();
  readonly #configured: () => { readonly config: unknown; readonly schema: unknown };
  #isConfigRead = false;

  /** Takes the subject's configuration and its schema, which are read when a secret is first asked for. */
  constructor(configured: () => { readonly config: unknown; readonly schema: unknown }) {
    this.#configured = configured;
  }

  /** Every form in which a secret can stand in a text, the longest first. */
  get texts(): readonly string[] {
    if (!this.#isConfigRead) {
      this.#isConfigRead = true;
      const { config, schema } = this.#configured();
      this.#addFrom(config, schema);
    }
    return [...this.#texts].toSorted((one, other) => other.length - one.length);
  }

  /** Adds one secret. Texts of several lines and very short ones are left out. */
  add(secret: string): void {
    const text = secret.trim();
    if (text.length < SHORTEST || text.length > LONGEST || text.includes('\n')) return;
    for (const form of formsOf(text)) this.#texts.add(form);
  }

  /** Adds the members whose names or whose schema say that they are secrets. */
  #addFrom(value: unknown, schema: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#addFrom(item, memberOf(schema, 'items'));
    } else if (isJsonObject(value)) {
      const properties = memberOf(schema, 'properties');
      for (const [key, member] of Object.entries(value)) {
        this.#addMember(key, member, memberOf(properties, key));
      }
    } else if (typeof value === 'string') {
      const password = URL.canParse(value) ? new URL(value).password : '';
      if (password !== '') this.add(decodeURIComponent(password));
    }
  }

  #addMember(key: string, member: JsonValue, schema: unknown): void {
    const isSecret = isSecretKey(key) || memberOf(schema, 'secret') === true;
    if (isSecret && typeof member === 'string') this.add(member);
    else this.#addFrom(member, schema);
  }
}

/** The ways in which a secret is written in a text: as it is, in JSON, in JSON within JSON, in an address, in a form. */
export function formsOf(secret: string): readonly string[] {
  const inAddress = encodeURIComponent(secret.toWellFormed());
  const inForm = inAddress.replaceAll('%20', '+');
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, JSON.stringify(inJson).slice(1, -1), inAddress, inForm];
}

function memberOf(value: unknown, key: string): unknown {
  return isJsonObject(value) ? value[key] : undefined;
}
