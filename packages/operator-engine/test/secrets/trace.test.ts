import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/errors.ts';
import { openVault } from '../support/open-vault.ts';
import { VAULT_TOKEN } from '../support/vault-server.ts';

describe('the trace of a subject that logs in', () => {
  it('shows the login without password and token', async () => {
    await using vault = await openVault({ login: 'hunter2 "pw"' });
    await vault.subject.plan('set_password', { user: 'ann', pw: 'new-s3cret' });
    const shown = JSON.stringify(vault.exchanges);
    expect(shown).toContain('/login');
    expect(shown).not.toMatch(/hunter2|new-s3cret/u);
    expect(shown).not.toContain(VAULT_TOKEN);
  });

  it('takes the password out of an error in which the plugin repeats it', async () => {
    await using vault = await openVault({ login: 'wr0ng "pw"', right: 'another' });
    const error = await failureOf(
      vault.subject.plan('set_password', { user: 'ann', pw: 'x'.repeat(9) }),
    );
    expect(error.code).toBe('VAULT_LOGIN');
    expect(JSON.stringify([error, error.cause ?? null])).not.toContain('wr0ng');
  });
});
