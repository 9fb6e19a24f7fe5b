import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownSecrets } from '../../src/secrets/known-secrets.ts';
import { redactExchange } from '../../src/secrets/redact-exchange.ts';
import { redactMembers } from '../../src/secrets/redact-members.ts';

describe('a JSON text', () => {
  it.each([
    ['{"name":"root","password":"correct horse"}', '{"name":"root","password":"[redacted]"}'],
    ['{"password" : "a\\"b, c" , "id":1}', '{"password" : "[redacted]" , "id":1}'],
    ['{"pass\\u0077ord":"x1"}', '{"pass\\u0077ord":"[redacted]"}'],
    ['{"credentials":{"user":"u","pw":["p"]},"on":true}', '{"credentials":"[redacted]","on":true}'],
    [
      '{"token":12345678,"n":18446744073709551615}',
      '{"token":"[redacted]","n":18446744073709551615}',
    ],
    ['{"auth":{"clientSecret":"c"}}', '{"auth":{"clientSecret":"[redacted]"}}'],
    ['{"token":"cut off in the mid', '{"token":"[redacted]"'],
    ['{"token":null,"tokens":5}', '{"token":null,"tokens":5}'],
  ])('keeps everything but its secrets in %s', (text, masked) => {
    expect(redactMembers(text).text).toBe(masked);
  });

  it('law: a document without secret members stays byte for byte', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(redactMembers(json)).toEqual({ text: json, found: [] });
      }),
    );
  });

  it('law: the value of a secret member never stands in the text', () => {
    const secret = fc.string({ minLength: 1 }).map((text) => `s3cr3t${text}s3cr3t`);
    fc.assert(
      fc.property(secret, fc.jsonValue(), fc.boolean(), (value, other, isDeep) => {
        const inner = { password: value, other };
        const { text } = redactMembers(JSON.stringify(isDeep ? [{ inner }] : inner));
        expect(text).not.toContain('s3cr3t');
        expect(() => JSON.parse(text)).not.toThrow();
      }),
    );
  });
});

describe('an exchange', () => {
  const login = {
    method: 'POST',
    url: 'http://127.0.0.1:2379/auth?token=q-123456',
    requestBody: '{"name":"root","password":"hunter2pw"}',
    status: 200,
    answer: '{"token":"gDDbZnYB.57"}',
    answerTruncated: false,
    durationMs: 3,
    failure: null,
  };

  it('shows neither the password nor the token of a login, nor the token in later exchanges', () => {
    const secrets = new KnownSecrets(() => ({ config: null, schema: null }));
    const first = JSON.stringify(redactExchange(login, secrets));
    const later = {
      ...login,
      requestBody: 'session gDDbZnYB.57',
      answer: 'hunter2pw',
      failure: 'no hunter2pw',
    };
    const second = JSON.stringify(redactExchange(later, secrets));
    expect(`${first}${second}`).not.toMatch(/hunter2pw|gDDb|q-123456/u);
    expect(first).toContain('"name\\":\\"root');
  });

  it('shows no secret of the configuration: by name, by schema, or in an address', () => {
    const secrets = new KnownSecrets(() => ({
      config: {
        db: { password: 'p4ssw0rd!' },
        pin: '98 76/54',
        list: ['http://u:in%20url@h/'],
        short: 'ok',
      },
      schema: { properties: { pin: { secret: true } } },
    }));
    const body = 'a=p4ssw0rd! b=98 76/54 c=98%2076%2F54 d=98+76%2F54 e="in url" f=ok';
    const shown = redactExchange({ ...login, requestBody: body }, secrets);
    expect('requestBody' in shown ? shown.requestBody : null).toBe(
      'a=[redacted] b=[redacted] c=[redacted] d=[redacted] e="[redacted]" f=ok',
    );
  });
});
