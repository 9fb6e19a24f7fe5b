import type { Unit } from 'operator-core';

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A number or a time of the given unit, as people write it. */
export function formatUnit(value: number | string, unit: Unit): string {
  if (unit === 'time') return formatTime(value);
  if (typeof value !== 'number') return value;
  switch (unit) {
    case 'count':
      return groupDigits(value);
    case 'bytes':
      return formatBytes(value);
    case 'bytes_per_second':
      return `${formatBytes(value)}/s`;
    case 'per_second':
      return `${groupDigits(roundTo(value, value < 10 ? 2 : 0))}/s`;
    case 'milliseconds':
      return formatDuration(value);
    case 'seconds':
      return formatDuration(value * 1000);
    case 'ratio':
      return `${roundTo(value * 100, 1)} %`;
  }
}

/** Milliseconds in the two largest useful units: `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds < 1000) return `${roundTo(milliseconds, milliseconds < 10 ? 1 : 0)} ms`;
  if (milliseconds < 120_000) return `${roundTo(milliseconds / 1000, 1)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = Math.floor(milliseconds / 1000) % 60;
  if (minutes < 120) return join([minutes, 'min'], [seconds, 's']);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return join([hours, 'h'], [minutes % 60, 'min']);
  return join([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

function join(...parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([value]) => value > 0)
    .map(([value, name]) => `${value} ${name}`)
    .join(' ');
}

function formatBytes(value: number): string {
  let size = Math.abs(value);
  let step = 0;
  while (size >= 1024 && step < BYTES.length - 1) {
    size /= 1024;
    step += 1;
  }
  const sign = value < 0 ? '-' : '';
  return `${sign}${roundTo(size, size < 10 ? 2 : 1)} ${BYTES[step] ?? 'B'}`;
}

function formatTime(value: number | string): string {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return String(value);
  return time
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/u, 'Z');
}

function groupDigits(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/gu, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function roundTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
