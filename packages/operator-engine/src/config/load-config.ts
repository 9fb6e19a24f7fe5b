import { readFileSync, statSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import type { JsonObject, OperatorError } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { describeCause } from '../errors/describe-cause.ts';
import { toObject } from './config-document.ts';
import type { ConfigDocument } from './config-document.ts';
import { createConfigInvalid } from './config-invalid.ts';
import type { ConfigIssue } from './config-issue.ts';
import {
  checkConfig,
  isPluginSpecifier,
  locate,
  PLUGIN_SPECIFIER_RULE,
  subjectsOf,
} from './config-schema.ts';
import { findConfig } from './find-config.ts';
import { interpolate } from './interpolate.ts';
import { checkLedger, readLedger } from './ledger-config.ts';
import type { ConfiguredLedger } from './ledger-config.ts';
import { locateAll, readFileName } from './named-file.ts';
import type { Environment } from '../identity/environment.ts';
import { Trust } from '../trust/trust.ts';
import { parseDocument } from './parse-document.ts';

const LARGEST_FILE = 1024 * 1024;

/** One subject as the configuration names it, its variables filled in. */
export interface ConfiguredSubject {
  readonly name: string;
  /** Package name or path. */
  readonly plugin: string;
  readonly config: JsonObject;
  /** Mistakes that concern this subject alone: variables that are not set, or an invalid plugin name. */
  readonly issues: readonly ConfigIssue[];
}

/** A configuration file whose shape is right. */
export interface Config {
  readonly path: string;
  readonly directory: string;
  readonly document: ConfigDocument;
  /** Absolute path of the policy's file; `null` where none is named. */
  readonly policyPath: string | null;
  /** Default: the file `.operator/ledger.db` beside the configuration. */
  readonly ledger: ConfiguredLedger;
  /** Absolute path of the folder in which the ledger's witness is kept; `null`: with the state of the user. */
  readonly witnessPath: string | null;
  /** Subjects, in the order of the file. */
  readonly subjects: readonly ConfiguredSubject[];
}

/**
 * Finds, reads and checks the configuration, unless another user could have written it. A variable that is not set is only held against the
 * subject that uses it, so that one machine need not have the secrets of every subject.
 */
export function loadConfig(options: {
  cwd: string;
  configPath?: string | undefined;
  env: Environment;
}): Config {
  const path = findConfig(options);
  const objection = new Trust(options.env).objectToConfig(path);
  if (objection !== null) throw objection;
  const format = extname(path) === '.json' ? 'json' : 'yaml';
  const { document, issues: unreadable } = parseDocument(readText(path), format);
  if (unreadable.length > 0) throw createConfigInvalid(path, unreadable);
  const misshapen = [...checkConfig(document), ...checkLedger(document)];
  const variables = interpolate(document.value, [], options.env).issues;
  if (misshapen.length > 0 || variables.some(({ isUnset }) => !isUnset)) {
    throw createConfigInvalid(path, [...misshapen, ...locateAll(document, variables)]);
  }
  const directory = dirname(path);
  const at = { path, directory, env: options.env };
  return {
    path,
    directory,
    document,
    policyPath: readFileName(document, ['policy'], at),
    ledger: readLedger(document, at),
    witnessPath: readFileName(document, ['ledger', 'witness'], at),
    subjects: toSubjects(document, options.env),
  };
}

function toSubjects(document: ConfigDocument, env: Environment): readonly ConfiguredSubject[] {
  return Object.entries(subjectsOf(document.value)).map(([name, subject]) => {
    const path = ['subjects', name];
    const plugin = interpolate(subject.plugin, [...path, 'plugin'], env);
    const config = interpolate(subject.config, [...path, 'config'], env);
    const specifier = typeof plugin.value === 'string' ? plugin.value : '';
    const issues = locateAll(document, [...plugin.issues, ...config.issues]);
    const isUsable = issues.length > 0 || isPluginSpecifier(specifier);
    return {
      name,
      plugin: specifier,
      config: toObject(config.value),
      issues: isUsable ? issues : [locate(document, [...path, 'plugin'], PLUGIN_SPECIFIER_RULE)],
    };
  });
}

function readText(path: string): string {
  let bytes: Buffer | null;
  try {
    bytes = statSync(path).size > LARGEST_FILE ? null : readFileSync(path);
  } catch (error) {
    throw createUnreadable(path, {
      reason: describeCause(error),
      remedy: 'Check that the file exists and that you may read it.',
      cause: error,
    });
  }
  if (bytes === null) {
    const remedy = 'Name the right file: no configuration is that large.';
    throw createUnreadable(path, { reason: 'it is larger than 1 MiB', remedy });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const remedy = 'Save the file as UTF-8 text.';
    throw createUnreadable(path, { reason: 'it is no UTF-8 text', remedy, cause: error });
  }
}

function createUnreadable(
  file: string,
  { reason, remedy, cause }: { reason: string; remedy: string; cause?: unknown },
): OperatorError {
  const message = `The configuration file ${file} cannot be read: ${reason}.`;
  return createEngineError('CONFIG_UNREADABLE', { message, remedy, facts: { file }, cause });
}
