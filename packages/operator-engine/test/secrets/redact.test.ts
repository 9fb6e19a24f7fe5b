import { describe, expect, it } from 'vitest';
import { redact, redactText } from '../../src/secrets/redact.ts';

describe('what must not be written down', () => {
  it.each([
    ['Authorization: Bearer abcdefgh.ijkl-mnop', 'Authorization: Bearer [redacted]'],
    ['curl -u basic QWxhZGRpbjpvcGVu', 'curl -u basic [redacted]'],
    ['https://root:hunter2@db:2379/x?y=1', 'https://[redacted]@db:2379/x?y=1'],
    ['http://:hunter2@db/', 'http://[redacted]@db/'],
    ['password=hunter2&user=root', 'password=[redacted]&user=root'],
    ['{"api_key": "k-123", "user": "root"}', '{"api_key": "[redacted]", "user": "root"}'],
    ['token: t-99, more', 'token: [redacted], more'],
    ['see eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.sig here', 'see [redacted] here'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key [redacted] used'],
    ['by ghp_abcdefghijklmnopqrstuvwxyz0123456789.', 'by [redacted].'],
    ['xoxb-1234567890-abcdef', '[redacted]'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- rest',
      '-----BEGIN RSA PRIVATE KEY-----[redacted] rest',
    ],
  ])('is taken out of %j', (text, clean) => {
    expect(redactText(text)).toBe(clean);
  });

  it.each([
    'Created operator for region 42: transfer leader from store 1 to store 4.',
    'http://127.0.0.1:2379/pd/api/v1/stores',
    'the key range of region 7 is unknown',
    'operator-audit/1 ledger=1 entry=2',
    '',
  ])('is not suspected in %j', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('is taken out by the names of members, at any depth', () => {
    const value = {
      password: 'a1',
      dbPassword: 'a2',
      'x-api-key': 'a3',
      nested: [{ client_secret: { deep: 'a4' }, token: null, tokens: 5, keyCount: 7 }],
      stores: [1, true, null, 'plain'],
    };
    expect(redact(value)).toEqual({
      password: '[redacted]',
      dbPassword: '[redacted]',
      'x-api-key': '[redacted]',
      nested: [{ client_secret: '[redacted]', token: null, tokens: 5, keyCount: 7 }],
      stores: [1, true, null, 'plain'],
    });
  });

  it('is removed from every place of a known secret', () => {
    const known = ['correct horse'];
    const value = { a: 'is "correct horse" right?', 'b correct horse': ['correct horse'] };
    const text = JSON.stringify(redact(value, known));
    expect(text).not.toContain('correct horse');
    expect(text).toContain('right?');
  });

  it('is cut when it is endless', () => {
    expect(redactText('x'.repeat(1_000_000)).length).toBeLessThan(10_000);
  });
});
