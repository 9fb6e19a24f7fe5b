import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERROR_KINDS } from 'operator-core';
import * as engine from 'operator-engine';
import { describe, expect, it } from 'vitest';

const { ENGINE_ERROR_CODES, RUN_STATES } = engine;

function textOf(folder: string, isWanted: (file: string) => boolean): string {
  const path = fileURLToPath(new URL(folder, import.meta.url));
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && isWanted(file))
    .map((file) => readFileSync(join(path, file), 'utf8'))
    .join('\n');
}

describe('what hosts rely on', () => {
  it('is what the entry exports', () => {
    expect(Object.keys(engine).toSorted()).toEqual([
      'ACTOR_KINDS',
      'AUDIT_KINDS',
      'ActingEngine',
      'CONFIG_FILE_NAMES',
      'DEFAULT_LEDGER_LIMITS',
      'DEFAULT_LIMITS',
      'ENGINE_ERROR_CODES',
      'Engine',
      'EngineApprovals',
      'EngineLeases',
      'EngineMode',
      'EngineRuns',
      'GatedSubject',
      'LEASE_TRANSITIONS',
      'MODES',
      'ObservationRegistry',
      'RUN_STATES',
      'RUN_TRANSITIONS',
      'WATCH_EVENT_KINDS',
      'createDocument',
      'diffPlans',
      'distrustPath',
      'explain',
      'findUnknownNames',
      'formatPlanDocument',
      'isLegalTransition',
      'isOver',
      'isOwned',
      'isSubjectName',
      'isWaiting',
      'loadPlugin',
      'loadPolicy',
      'openEngine',
      'openLedger',
      'operations',
      'parsePlanDocument',
      'readTrustedPaths',
      'runPolicyTests',
      'toApprovalDocument',
      'toAuditExplanation',
      'toErrorDocument',
      'toLeaseEndDocument',
      'toRecoveryDocument',
      'toRunDocument',
      'toVerificationDocument',
      'trustFile',
      'trustPath',
    ]);
  });

  it('is the code of every error, with its kind', () => {
    const kinds = Object.entries(ENGINE_ERROR_CODES).map(([code, { kind }]) => `${code} ${kind}`);
    expect(kinds).toEqual([
      'CONFIG_NOT_FOUND config',
      'CONFIG_UNREADABLE config',
      'CONFIG_INVALID config',
      'POLICY_INVALID config',
      'SUBJECT_NOT_FOUND usage',
      'SUBJECT_AMBIGUOUS usage',
      'SUBJECT_CLOSED usage',
      'PLUGIN_NOT_FOUND plugin',
      'PLUGIN_IMPORT_FAILED plugin',
      'PLUGIN_IMPORT_TIMEOUT plugin',
      'PLUGIN_CONTRACT_MISMATCH plugin',
      'PLUGIN_INVALID plugin',
      'PLUGIN_CONNECT_FAILED plugin',
      'PLUGIN_CONNECT_TIMEOUT plugin',
      'PLUGIN_TIMEOUT plugin',
      'PLUGIN_MISBEHAVED plugin',
      'SUBJECT_UNREACHABLE unreachable',
      'SYSTEM_NOT_SUPPORTED plugin',
      'LOGIN_REFUSED config',
      'WRITE_WHILE_READING plugin',
      'ORIGIN_NOT_DECLARED plugin',
      'REQUEST_NOT_PLANNED plugin',
      'ACTION_NOT_FOUND usage',
      'OBSERVATION_NOT_FOUND usage',
      'PARAMETERS_INVALID usage',
      'SECRET_MISSING usage',
      'PLAN_INVALID usage',
      'PLAN_DIGEST_MISMATCH refused',
      'PLAN_FOR_OTHER_SYSTEM refused',
      'PLAN_STALE stale',
      'FACT_UNKNOWN refused',
      'PLAN_EXPIRED stale',
      'ACTOR_MISSING usage',
      'IDENTITY_NOT_PROVEN refused',
      'IDEMPOTENCY_KEY_REUSED usage',
      'LEASE_NOT_POSSIBLE usage',
      'NEEDS_APPROVAL needs_approval',
      'POLICY_DENIED refused',
      'POLICY_CHANGED stale',
      'RUN_REJECTED refused',
      'RUN_EXPIRED stale',
      'RUN_CANCELLED refused',
      'RESOURCE_HELD refused',
      'LIMIT_REACHED refused',
      'STOPPED refused',
      'MODE_FORBIDS refused',
      'UNDO_REFUSED refused',
      'LEASE_NOT_ENDED failed',
      'NOT_SENT unreachable',
      'REFUSED_BY_SYSTEM failed',
      'PARTLY_DONE partly_done',
      'EFFECT_FAILED failed',
      'EFFECT_REVERTED failed',
      'EFFECT_SUPERSEDED failed',
      'CAPTURE_FAILED failed',
      'NOT_VERIFIED unverified',
      'CONDITION_INVALID usage',
      'CONDITION_NOT_MET unverified',
      'EFFECT_CANCELLED failed',
      'OUTCOME_NOT_RECORDED unverified',
      'OUTCOME_UNKNOWN unverified',
      'CONFIG_NOT_TRUSTED config',
      'POLICY_NOT_TRUSTED config',
      'TRUST_NOT_WRITTEN config',
      'PLUGIN_NOT_TRUSTED plugin',
      'CAUSE_UNKNOWN unverified',
      'LEDGER_TOO_NEW config',
      'LEDGER_CORRUPT config',
      'LEDGER_ALTERED config',
      'LEDGER_BUSY refused',
      'LEDGER_FULL config',
      'LEDGER_UNWRITABLE config',
      'LEDGER_UNREACHABLE unreachable',
      'LEDGER_UNSUPPORTED usage',
      'LEDGER_NOT_TRUSTED config',
      'LEDGER_CLOSED bug',
      'RUN_NOT_FOUND usage',
      'RUN_STATE_CONFLICT refused',
      'FENCED refused',
      'APPROVAL_REFUSED refused',
      'LEASE_NOT_FOUND usage',
      'LEASE_STATE_CONFLICT refused',
      'ANCHOR_INVALID usage',
      'LEDGER_MISSING refused',
      'LEDGER_ROLLED_BACK refused',
      'WITNESS_UNUSABLE config',
      'CLOCK_IN_DOUBT refused',
      'LEDGER_POLICY_DIFFERS refused',
      'LEDGER_NOT_YOURS refused',
      'INTERRUPTED interrupted',
    ]);
  });

  it('is every state of a run', () => {
    expect(RUN_STATES).toHaveLength(15);
  });
});

describe('every code', () => {
  const codes = Object.keys(ENGINE_ERROR_CODES);

  it('has a kind and a meaning', () => {
    for (const { kind, meaning } of Object.values(ENGINE_ERROR_CODES)) {
      expect(ERROR_KINDS).toContain(kind);
      expect(meaning).toMatch(/^[A-Z].*\.$/u);
    }
  });

  it('is raised somewhere, and expected by a test', () => {
    const source = textOf('../src', (file) => {
      return !file.endsWith('error-codes.ts') && !file.includes('ledger-suite');
    });
    const checks = textOf('../src/ledger-suite', () => true);
    const tests = checks + textOf('.', (file) => file !== 'pins.test.ts');
    for (const code of codes) {
      expect(source, code).toContain(`'${code}'`);
      expect(tests, code).toContain(`'${code}'`);
    }
  });
});
