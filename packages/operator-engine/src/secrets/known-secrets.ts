import { isJsonObject } from 'operator-core';
import type { JsonValue } from 'operator-core';
import { isSecretKey } from './redact.ts';

/** Shorter texts stand in too many others by chance. */
const SHORTEST = 4;
/** Shorter parts of Base64 stand in too many others by chance. */
const SHORTEST_INSIDE = 8;
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
    for (const form of [...formsOf(text), ...insideBase64(text)]) this.#texts.add(form);
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

/**
 * Ways in which a secret is written in a text: as it is, in JSON, in JSON within JSON, in an address, in a form, in
 * Base64, in its form for addresses, and in hexadecimal digits.
 */
export function formsOf(secret: string): readonly string[] {
  const inAddress = encodeURIComponent(secret.toWellFormed());
  const inForm = inAddress.replaceAll('%20', '+');
  const inJson = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  const encoded = (['base64', 'base64url', 'hex'] as const).map((name) => bytes.toString(name));
  return [secret, inJson, JSON.stringify(inJson).slice(1, -1), inAddress, inForm, ...encoded];
}

/** Characters that a secret certainly has within the Base64 of a longer text, as in a login of the scheme Basic. */
function insideBase64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2]
    .map((before) => {
      const padded = Buffer.concat([Buffer.alloc(before), bytes]);
      const first = Math.ceil((before * 8) / 6);
      const end = Math.floor((padded.length * 8) / 6);
      return padded.toString('base64').slice(first, end);
    })
    .filter((text) => text.length >= SHORTEST_INSIDE);
}

function memberOf(value: unknown, key: string): unknown {
  return isJsonObject(value) ? value[key] : undefined;
}
