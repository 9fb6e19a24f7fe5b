/** The codes for files that are not used because of who can write them; part of `ENGINE_ERROR_CODES`. */
export const TRUST_ERROR_CODES = {
  CONFIG_NOT_TRUSTED: {
    kind: 'config',
    meaning: 'Another user owns or can write the configuration file, or a folder on its path.',
  },
  POLICY_NOT_TRUSTED: {
    kind: 'config',
    meaning: 'Another user owns or can write the policy file, or a folder on its path.',
  },
  TRUST_NOT_WRITTEN: {
    kind: 'config',
    meaning: 'The list of paths that this user trusts cannot be written.',
  },
  PLUGIN_NOT_TRUSTED: {
    kind: 'plugin',
    meaning: 'Another user owns or can write the code of the plugin, or a folder on its path.',
  },
} as const;
