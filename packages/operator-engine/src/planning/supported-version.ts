import type { OperatorError, SubjectPlugin, SystemIdentity } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';

/**
 * Throws `SYSTEM_NOT_SUPPORTED` for a version of the system that the plugin does not support, and for an
 * unknown version.
 */
export function requireSupported(
  { name, supports }: Pick<SubjectPlugin, 'name' | 'supports'>,
  system: SystemIdentity,
): void {
  if (supports === undefined) return;
  const { atLeast, below } = supports;
  const version = parseVersion(system.version ?? '');
  const isOld = atLeast !== undefined && isBelow(version, parseVersion(atLeast));
  const isNew = below !== undefined && !isBelow(version, parseVersion(below));
  if (version.length > 0 && !isOld && !isNew) return;
  throw createNotSupported(name, supports, system);
}

function createNotSupported(
  plugin: string,
  supports: NonNullable<SubjectPlugin['supports']>,
  { kind, id, version }: SystemIdentity,
): OperatorError {
  const { atLeast, below } = supports;
  const range = [
    ...(atLeast === undefined ? [] : [`${atLeast} or newer`]),
    ...(below === undefined ? [] : [`older than ${below}`]),
  ].join(' and ');
  const told = version === undefined ? 'tells no version' : `has version ${version}`;
  return createEngineError('SYSTEM_NOT_SUPPORTED', {
    message: `The plugin ${plugin} is written for versions that are ${range}; ${kind} ${id} ${told}. Nothing was planned.`,
    remedy: 'Use a version of the plugin that supports this version of the system.',
    facts: { plugin, supports: { ...supports }, version: version ?? null },
  });
}

/** Numbers of a version: 3, 4 and 27 of `v3.4.27-rc.1`. Empty for a text without one. */
function parseVersion(text: string): readonly number[] {
  const [numbers = ''] = /\d+(\.\d+)*/u.exec(text) ?? [];
  return numbers === '' ? [] : numbers.split('.').map(Number);
}

function isBelow(one: readonly number[], other: readonly number[]): boolean {
  const length = Math.max(one.length, other.length);
  for (let place = 0; place < length; place += 1) {
    const difference = (one[place] ?? 0) - (other[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
