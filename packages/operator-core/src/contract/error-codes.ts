/** Every error code of this package, with its meaning. */
export const CORE_ERROR_CODES = {
  PLUGIN_INVALID:
    'A plugin, or a member of it, does not have the shape that the contract requires.',
  PLUGIN_MISBEHAVED: 'A plugin returned something that the contract does not allow.',
  VALUE_NOT_JSON: 'A value that had to be plain JSON was not.',
} as const satisfies Readonly<Record<string, string>>;
