import { join, resolve } from 'node:path';
import { isJsonObject, nearestNames } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import { toObject } from './config-document.ts';
import type { ConfigDocument } from './config-document.ts';
import type { ConfigIssue } from './config-issue.ts';
import { isPluginSpecifier, locate, PLUGIN_SPECIFIER_RULE } from './config-schema.ts';
import { readFileName, readFilled } from './named-file.ts';
import type { ConfigPlace } from './named-file.ts';

const DEFAULT_FILE = join('.operator', 'ledger.db');
const DRIVER_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u;
const IDENTITIES = ['proven', 'trusted'] as const;
/** Keys beside the one that names the driver. */
const OTHERS: readonly string[] = ['package', 'identity', 'witness'];

/** A ledger in one file, by the driver that is built in. */
export interface FileLedger {
  readonly kind: 'file';
  readonly file: string;
}

/** A ledger of a driver from a package. */
export interface PackageLedger {
  readonly kind: 'package';
  /** Key of the configuration below which the settings stand. */
  readonly key: string;
  /** Package name or path of the driver. */
  readonly specifier: string;
  readonly settings: JsonObject;
}

/** The ledger as the configuration names it, its variables filled in. */
export interface ConfiguredLedger {
  readonly place: FileLedger | PackageLedger;
  /**
   * Evidence of who a user is. `proven`: the owners of files beside the ledger. `trusted`: the names in the ledger,
   * because every user who can write the ledger is trusted.
   */
  readonly identity: (typeof IDENTITIES)[number];
}

/** Every mistake in the ledger's part of the configuration. The driver checks its own settings. */
export function checkLedger(document: ConfigDocument): readonly ConfigIssue[] {
  const ledger = ledgerOf(document);
  const [first, second] = driversOf(ledger);
  const at = (key: string, message: string): ConfigIssue =>
    locate(document, ['ledger', key], message);
  if (first !== undefined && second !== undefined) {
    return [at(second, `a ledger has one driver: remove ${first} or ${second}`)];
  }
  return [
    ...(first === undefined ? [] : checkDriver(first, ledger).map((message) => at(first, message))),
    ...checkOthers(ledger).map(([key, message]) => at(key, message)),
  ];
}

/** The ledger of a document that {@link checkLedger} found nothing wrong with. */
export function readLedger(document: ConfigDocument, at: ConfigPlace): ConfiguredLedger {
  const ledger = ledgerOf(document);
  const identity = ledger['identity'] === 'trusted' ? 'trusted' : 'proven';
  const [key = 'sqlite'] = driversOf(ledger);
  if (key === 'sqlite') {
    const named = readFileName(document, ['ledger', key], at);
    return {
      identity,
      place: { kind: 'file', file: named ?? resolve(at.directory, DEFAULT_FILE) },
    };
  }
  const settings = toObject(readFilled(document, ['ledger', key], at));
  const named = readFilled(document, ['ledger', 'package'], at);
  const specifier = typeof named === 'string' ? named : `operator-ledger-${key}`;
  return { identity, place: { kind: 'package', key, specifier, settings } };
}

function ledgerOf(document: ConfigDocument): JsonObject {
  return toObject(toObject(document.value)['ledger']);
}

function driversOf(ledger: JsonObject): readonly string[] {
  return Object.keys(ledger).filter((key) => !OTHERS.includes(key));
}

function checkDriver(key: string, ledger: JsonObject): readonly string[] {
  if (key === 'sqlite') return isText(ledger[key]) ? [] : ['must be the path of a file'];
  const isNamed = ledger['package'] !== undefined;
  const [nearest] = nearestNames(key, ['sqlite', ...OTHERS]);
  if (!isNamed && nearest !== undefined) return [`unknown key; did you mean ${nearest}?`];
  if (!DRIVER_NAME.test(key))
    return ['unknown key; the name of a driver has only lower-case letters, digits and -'];
  if (isJsonObject(ledger[key])) return [];
  return ['unknown key; for a driver, its settings must be a mapping, at least {}'];
}

function checkOthers(ledger: JsonObject): readonly (readonly [string, string])[] {
  const { package: specifier, identity, witness } = ledger;
  const [driver = 'sqlite'] = driversOf(ledger);
  const isSpecifier =
    isText(specifier) && (specifier.includes('${') || isPluginSpecifier(specifier));
  const issues: [string, string | null][] = [
    ['package', specifier === undefined || isSpecifier ? null : PLUGIN_SPECIFIER_RULE],
    [
      'package',
      isSpecifier && driver === 'sqlite'
        ? 'add a key with the settings of this driver, beside package'
        : null,
    ],
    [
      'identity',
      identity === undefined || IDENTITIES.some((one) => one === identity)
        ? null
        : `must be ${IDENTITIES.join(' or ')}`,
    ],
    ['witness', witness === undefined || isText(witness) ? null : 'must be the path of a folder'],
  ];
  return issues.flatMap(([key, message]) => (message === null ? [] : [[key, message] as const]));
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
