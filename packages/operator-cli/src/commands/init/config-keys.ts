import { isJsonObject, PARAM_TYPES } from 'operator-core';
import type { JsonObject, JsonValue, ParamDef, SubjectPlugin } from 'operator-core';

/** A key of a plugin's configuration, described like a parameter. */
export type ConfigKey = ParamDef & { readonly example?: JsonValue };

/** The keys of a plugin's configuration, as its schema describes them; none when it cannot. */
export function readConfigKeys(plugin: SubjectPlugin): Readonly<Record<string, ConfigKey>> {
  const schema: unknown = plugin.config['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  const properties = isJsonObject(schema) ? schema['properties'] : undefined;
  const required = isJsonObject(schema) ? schema['required'] : undefined;
  if (!isJsonObject(properties)) return {};
  const names = Array.isArray(required) ? required : [];
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const described = isJsonObject(property) ? property : {};
      return [name, toConfigKey(described, names.includes(name))];
    }),
  );
}

// Not with the contract's reading of parameters: a configuration may leave descriptions out, and has examples.
function toConfigKey(schema: JsonObject, required: boolean): ConfigKey {
  const description = schema['description'];
  const { default: filled, enum: allowed, minimum, maximum, examples } = schema;
  const [example] = Array.isArray(examples) ? examples : [];
  return {
    type: PARAM_TYPES.find((type) => type === schema['type']) ?? 'object',
    description: typeof description === 'string' ? description : '',
    required: required && filled === undefined,
    schema,
    ...(filled === undefined ? {} : { default: filled }),
    ...(Array.isArray(allowed) ? { enum: allowed } : {}),
    ...(typeof minimum === 'number' ? { minimum } : {}),
    ...(typeof maximum === 'number' ? { maximum } : {}),
    ...(example === undefined ? {} : { example }),
  };
}
