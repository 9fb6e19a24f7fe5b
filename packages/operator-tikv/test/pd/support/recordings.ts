import { readFileSync } from 'node:fs';

/** One recorded request and its answer. */
export interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export const VERSIONS = ['v6.5.12', 'v8.5.7'] as const;

export type Version = (typeof VERSIONS)[number];

const FILES = [
  'members',
  'stores',
  'regions',
  'operators',
  'schedulers',
  'hot',
  'config',
  'failover',
];

/** The recorded exchanges of one file. */
export function loadRecording(version: Version, file: string): readonly Exchange[] {
  const url = new URL(`../fixtures/${version}/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Exchange[];
}

/** Every recorded exchange of a version. */
export function loadAll(version: Version): readonly (Exchange & { readonly file: string })[] {
  return FILES.flatMap((file) => loadRecording(version, file).map((one) => ({ ...one, file })));
}

/** The one recorded exchange of that name. */
export function findExchange(version: Version, file: string, name: string): Exchange {
  const found = loadRecording(version, file).find((exchange) => exchange.name === name);
  if (found === undefined) throw new Error(`${version}/${file}.json has no ${name}`);
  return found;
}
