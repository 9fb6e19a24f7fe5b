import type { JsonObject, JsonValue } from 'operator-core';
import { isJsonObject } from 'operator-core';

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';
const LONGEST_TEXT = 8_192;

const SECRET_KEY =
  /^(?:.*[_-])?(?:password|passwd|pass_?phrase|secret|token|authorization|cookie|credentials?|api_?-?key|private_?-?key|access_?-?key|secret_?-?key)$/iu;
const CAMEL_SECRET_KEY =
  /(?:Password|Passphrase|Secret|Token|Credentials?|ApiKey|PrivateKey|AccessKey|SecretKey)$/u;

/** Patterns of secrets in any text; the first group stays. */
const SECRET_TEXTS: readonly RegExp[] = [
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu,
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/:@]*:[^\s/@]+(?=@)/giu,
  /(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}/giu,
  /((?<![\w-])[\w-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)["']?\s*[=:]\s*["']?)[^\s"',;&}]+/giu,
  /()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/gu,
  /()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/gu,
  /()\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,})/gu,
];
/** None of the patterns can match without one of these; most texts have none. */
const SUSPICIOUS =
  /:\/\/|BEGIN|bearer|basic|passw|secret|token|key|eyJ|AKIA|ASIA|gh[pousr]_|github_pat|glpat|xox/iu;

/**
 * A copy without secrets: members whose name says that they are one, texts that look like one, and the
 * texts in `known`. Very long texts are cut.
 */
export function redact(value: JsonObject, known: readonly string[] = []): JsonObject {
  return redactObject(value, known);
}

/** A text without secrets. Very long texts are cut. */
export function redactText(text: string, known: readonly string[] = []): string {
  const clean = redactWhole(text, known);
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}

/** A text without secrets, in its whole length. */
export function redactWhole(text: string, known: readonly string[] = []): string {
  let clean = text;
  for (const secret of known) clean = clean.replaceAll(secret, REDACTED);
  if (!SUSPICIOUS.test(clean)) return clean;
  for (const pattern of SECRET_TEXTS) clean = clean.replace(pattern, `$1${REDACTED}`);
  return clean;
}

function redactValue(value: JsonValue, known: readonly string[]): JsonValue {
  if (typeof value === 'string') return redactText(value, known);
  if (typeof value !== 'object' || value === null) return value;
  if (isJsonObject(value)) return redactObject(value, known);
  return value.map((item) => redactValue(item, known));
}

function redactObject(value: JsonObject, known: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redactText(key, known),
      isSecretKey(key) && item !== null ? REDACTED : redactValue(item, known),
    ]),
  );
}

/** True when a member's name says that its value is a secret: `password`, `apiKey`, `client_secret`. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key) || CAMEL_SECRET_KEY.test(key);
}
