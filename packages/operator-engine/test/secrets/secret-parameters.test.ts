import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { formatPlanDocument, parsePlanDocument } from 'operator-engine';
import type { Plan } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { KnownSecrets } from '../../src/secrets/known-secrets.ts';
import { redactWhole } from '../../src/secrets/redact.ts';
import { fillRequest, maskSecrets } from '../../src/secrets/secret-values.ts';
import { drain, failureOf } from '../support/errors.ts';
import { openVault } from '../support/open-vault.ts';
import type { OpenVault } from '../support/open-vault.ts';

const SECRET = 'n3w "s3cr3t" /w\\rd';
const PARTS = /n3w|s3cr3t/u;

async function planOf({ subject }: Pick<OpenVault, 'subject'>, pw = SECRET): Promise<Plan> {
  const planned = await subject.plan('set_password', { user: 'ann', pw });
  if (planned.kind !== 'plan') throw new Error(planned.kind);
  return planned.plan;
}

function filesIn(directory: string): string {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile());
  return files
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n');
}

describe('a secret parameter', () => {
  it('reaches the system and nothing else: not plan, ledger, events, trace or result', async () => {
    await using vault = await openVault({ login: 'hunter2pw' });
    const plan = await planOf(vault);
    const { events, result } = await drain(vault.subject.apply(plan));
    expect(result.state).toBe('succeeded');
    expect(vault.vault.passwords.get('ann')).toBe(SECRET);
    const told = JSON.stringify([plan, events, result, vault.exchanges]);
    expect(told).not.toMatch(PARTS);
    expect(filesIn(vault.directory)).not.toMatch(PARTS);
    expect(plan.parameters).toEqual({ user: 'ann', pw: '${secret:pw}' });
  });

  it('is asked for again by another process, which then sends the same request', async () => {
    await using vault = await openVault({ login: 'hunter2pw' });
    const document = parsePlanDocument(formatPlanDocument(await planOf(vault)));
    const other = await vault.open();
    const missing = await failureOf(drain(other.subject.apply(document)));
    expect(missing.code).toBe('SECRET_MISSING');
    expect(vault.vault.changes).toEqual([]);
    const secrets = { pw: SECRET };
    const { result } = await drain(other.subject.apply(document, { secrets }));
    expect(result.state).toBe('succeeded');
    expect(vault.vault.passwords.get('ann')).toBe(SECRET);
    expect(filesIn(vault.directory)).not.toMatch(PARTS);
  });

  it('is found again with the same key, and the waiting run continues with it', async () => {
    const policy = `rules:
  - { id: ask, when: {}, decision: needs_approval, reason: Passwords are for two., approval: { count: 1 } }
limits: { cooldown: none }
`;
    await using vault = await openVault({ login: 'hunter2pw', policy });
    const options = { idempotencyKey: 'rotation-7' };
    const waiting = await failureOf(drain(vault.subject.apply(await planOf(vault), options)));
    expect(waiting.code).toBe('NEEDS_APPROVAL');
    const other = await vault.open();
    const wish = { user: 'ann', pw: SECRET };
    const run = await other.subject.recall('set_password', wish, options);
    expect(run?.state).toBe('awaiting_approval');
  });

  it('cannot be smuggled into another parameter', async () => {
    await using vault = await openVault({ login: 'hunter2pw' });
    const wish = { user: '${secret:pw}', pw: SECRET };
    const error = await failureOf(vault.subject.plan('set_password', wish));
    expect(error.code).toBe('PARAMETERS_INVALID');
    expect(JSON.stringify(error)).not.toMatch(PARTS);
  });

  it('is not in what a plugin says of a plan that has nothing to do', async () => {
    await using vault = await openVault({ login: 'hunter2pw' });
    vault.vault.passwords.set('ann', SECRET);
    const planned = await vault.subject.plan('set_password', { user: 'ann', pw: SECRET });
    expect(planned.kind).toBe('nothing_to_do');
    expect(JSON.stringify(planned)).not.toMatch(PARTS);
  });
});

const PUT = { protocol: 'http', purpose: '', method: 'PUT', target: [] } as const;

it('is masked in Base64 and in hexadecimal digits, and filled in again when it is sent', () => {
  const bytes = Buffer.from(SECRET);
  const forms = (['base64', 'base64url', 'hex'] as const).map((name) => bytes.toString(name));
  const request = { ...PUT, path: '/u', body: forms.join(' ') };
  const masked = maskSecrets(request, { pw: SECRET });
  for (const form of forms) expect(masked.body).not.toContain(form.slice(0, 8));
  expect(fillRequest(masked, { pw: SECRET }).body).toBe(request.body);
});

it('is masked within the Base64 of a longer text, at every offset', () => {
  const known = new KnownSecrets(() => ({ config: {}, schema: {} }));
  known.add('correct horse');
  for (const user of ['', 'a', 'ab', 'abc', 'abcd']) {
    const login = Buffer.from(`${user}correct horse:x`).toString('base64');
    const clean = redactWhole(login, known.texts);
    expect(clean, user).toContain('[redacted]');
    expect(Buffer.from(clean.replace('[redacted]', ''), 'base64').toString()).not.toMatch(/orrec/u);
  }
});

it('law: what is masked is filled in again to the letter, in every form', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(text, text, (pw, other) => {
      fc.pre(!`${pw}${other}`.includes('${secret:') && pw.isWellFormed());
      const bytes = Buffer.from(pw);
      const encoded = ['base64', 'base64url', 'hex'] as const;
      const body = JSON.stringify({
        pw,
        other,
        query: new URLSearchParams({ pw }).toString(),
        encoded: encoded.map((name) => bytes.toString(name)),
      });
      const request = {
        ...PUT,
        path: `/u?pw=${encodeURIComponent(pw)}`,
        body,
      };
      const masked = maskSecrets(request, { pw });
      expect(fillRequest(masked, { pw })).toEqual({
        ...request,
        method: masked.method,
        protocol: masked.protocol,
      });
    }),
  );
});
