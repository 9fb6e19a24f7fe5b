/** Every version of the contract that this copy of the package knows, as `major.minor`. A minor adds itself. */
export type ContractVersion = '1.0';

/** The newest version of the contract that this copy of the package knows. */
export const CONTRACT_VERSION: ContractVersion = '1.0';

/**
 * Stamp of a plugin that names no version: the first one of this major. It is not the newest one, because
 * the installed copy of this package may be newer than the one for which the plugin was written.
 */
export const FIRST_CONTRACT_VERSION: ContractVersion = '1.0';

/**
 * True when a host that speaks `host` can run a plugin stamped `plugin`: same major, and the plugin's
 * minor is not newer than the host's. Anything that is not `major.minor` is incompatible.
 */
export function isContractCompatible(host: string, plugin: string): boolean {
  const hostVersion = parseVersion(host);
  const pluginVersion = parseVersion(plugin);
  if (hostVersion === null || pluginVersion === null) return false;
  return hostVersion.major === pluginVersion.major && pluginVersion.minor <= hostVersion.minor;
}

function parseVersion(text: string): { major: number; minor: number } | null {
  const match = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/u.exec(text);
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]) };
}
