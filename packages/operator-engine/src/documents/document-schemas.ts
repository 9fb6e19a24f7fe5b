import { isJsonObject } from 'operator-core';
import type { JsonSchema, JsonValue } from 'operator-core';
import * as z from 'zod/mini';
import { CONTENT_SCHEMAS } from './content-schemas.ts';
import type { DocumentFormat } from './contents.ts';

/** Format of every document, in no order. */
export const DOCUMENT_FORMATS = Object.keys(CONTENT_SCHEMAS) as readonly DocumentFormat[];

/** Problems of a value that stands for a document of its format, as sentences; none where it is one. */
export function documentIssues(value: object): readonly string[] {
  const { format, ...content }: { readonly format?: unknown } = value;
  const isKnown = DOCUMENT_FORMATS.find((one) => one === format);
  if (isKnown === undefined) return [`there is no document ${String(format)}`];
  const parsed = CONTENT_SCHEMAS[isKnown]().safeParse(content);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** JSON Schema (draft 2020-12) of a document. */
export function documentSchema(format: DocumentFormat): JsonSchema {
  const schema = z.toJSONSchema(CONTENT_SCHEMAS[format](), { unrepresentable: 'any' });
  return withFormat(JSON.parse(JSON.stringify(schema)), format);
}

/** The schema of a content with the member that names the format, in each of its kinds. */
function withFormat(schema: JsonSchema, format: DocumentFormat): JsonSchema {
  const { oneOf, anyOf, properties, required, ...rest } = schema;
  const kinds = oneOf ?? anyOf;
  if (Array.isArray(kinds)) {
    return {
      ...rest,
      oneOf: kinds.map((kind: JsonValue) => (isJsonObject(kind) ? withFormat(kind, format) : kind)),
    };
  }
  const named = isJsonObject(properties) ? properties : {};
  return {
    ...rest,
    properties: { format: { type: 'string', const: format }, ...named },
    required: ['format', ...(Array.isArray(required) ? required : [])],
  };
}
