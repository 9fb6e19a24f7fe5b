import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { canonicalJson, digestText } from 'operator-core';
import type { JsonValue, OperatorError } from 'operator-core';
import { toObject } from '../config/config-document.ts';
import type { ConfigDocument } from '../config/config-document.ts';
import { createConfigInvalid } from '../config/config-invalid.ts';
import type { ConfigIssue } from '../config/config-issue.ts';
import { parseDocument } from '../config/parse-document.ts';
import type { Environment } from '../identity/environment.ts';
import { Trust } from '../trust/trust.ts';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { POLICY_FORMAT } from './policy.ts';
import type { LoadedPolicy, Policy } from './policy.ts';
import { crossIssues, toPolicyIssues } from './policy-issues.ts';
import { policySchema } from './policy-schema.ts';
import { BUILT_IN_POLICY, toPolicy } from './to-policy.ts';

const LARGEST_FILE = 1024 * 1024;

/**
 * Reads the policy of a path; `null`: none is configured, and the approval settings of the actions apply. Never
 * throws: a policy that cannot be used is `unreadable`, and denies everything. `env` names the folder of the
 * paths that this user trusts.
 */
export function loadPolicy(path: string | null, env: Environment = process.env): LoadedPolicy {
  return createPolicyLoader(path, env)();
}

/**
 * Creates a reader of the policy of a path that reads it again at each call, as {@link loadPolicy} does, and
 * parses it again only when its text has changed.
 */
export function createPolicyLoader(path: string | null, env: Environment): () => LoadedPolicy {
  if (path === null) {
    return () => ({ kind: 'built_in', path, version: versionOf(null), policy: BUILT_IN_POLICY });
  }
  const trust = new Trust(env);
  let last: { readonly text: string; readonly policy: LoadedPolicy } | null = null;
  return () => {
    let text: string | null = null;
    try {
      const error = trust.objectToPolicy(path);
      if (error !== null) return toUnreadable(path, { text, error, issues: [] });
      text = readText(path);
      if (last?.text !== text) last = { text, policy: parsePolicy(text, path) };
      return last.policy;
    } catch (error) {
      return toUnreadable(path, { text, error: createUnreadable(path, error), issues: [] });
    }
  };
}

/** The policy in a text, as {@link loadPolicy} would read it from the file at that path. */
export function parsePolicy(text: string, path: string): LoadedPolicy {
  const format = extname(path) === '.json' ? 'json' : 'yaml';
  const { document, issues: unreadable } = parseDocument(text, format);
  const { policy, issues } =
    unreadable.length > 0 ? { policy: null, issues: unreadable } : check(document);
  if (policy !== null) return { kind: 'file', path, version: versionOf(document.value), policy };
  const error = createConfigInvalid(path, issues, 'policy');
  return toUnreadable(path, { text, error, issues });
}

function check(document: ConfigDocument): {
  policy: Policy | null;
  issues: readonly ConfigIssue[];
} {
  const result = policySchema().safeParse(document.value);
  const issues = result.success
    ? crossIssues(result.data, document)
    : result.error.issues.flatMap((issue) => toPolicyIssues(issue, document));
  const isUsable = result.success && issues.length === 0;
  return { policy: isUsable ? toPolicy(result.data, document) : null, issues };
}

/** Tests decide nothing: adding one must not invalidate approvals. */
function versionOf(content: JsonValue): string {
  const { tests, ...decisive } = toObject(content);
  return digest({ format: POLICY_FORMAT, content: content === null ? null : decisive });
}

function digest(content: JsonValue): string {
  return digestText(canonicalJson(content));
}

function toUnreadable(
  path: string,
  found: { text: string | null; error: OperatorError; issues: readonly ConfigIssue[] },
): LoadedPolicy {
  const { text, error, issues } = found;
  const version = digest({ format: POLICY_FORMAT, unreadable: text ?? error.message });
  return { kind: 'unreadable', path, version, error, issues };
}

function readText(path: string): string {
  if (statSync(path).size > LARGEST_FILE) throw new Error('it is larger than 1 MiB');
  return readFileSync(path, 'utf8').replace(/^\uFEFF/u, '');
}

function createUnreadable(path: string, error: unknown): OperatorError {
  return createEngineError('CONFIG_UNREADABLE', {
    message: `The policy file ${path} cannot be read: ${describeCause(error)}.`,
    remedy: 'Check that the file exists and that you may read it.',
    facts: { file: path },
    cause: error,
  });
}
