import { isHttpRequest, toRequestContent, toRequestTitle } from 'operator-core';
import type { PlannedRequest } from 'operator-core';
import { describe, expect, it } from 'vitest';

const put: PlannedRequest = { purpose: 'light it', method: 'PUT', path: '/lamp', body: '{}' };
const set: PlannedRequest = {
  purpose: 'name it',
  protocol: 'resp',
  statement: ['SET', 'a'],
  text: 'SET a\nEXEC',
  timeoutMs: 90_000,
  target: ['cache-1:6379'],
};

describe('a planned request', () => {
  it('is by HTTP unless it has a statement', () => {
    expect([put, set].map((request) => isHttpRequest(request))).toEqual([true, false]);
  });

  it('is one line for people', () => {
    expect([put, set].map(toRequestTitle)).toEqual(['PUT /lamp', 'resp SET a']);
  });

  it('has a content without purpose and target, in which the protocol is always said', () => {
    expect(toRequestContent(put)).toEqual({
      protocol: 'http',
      method: 'PUT',
      path: '/lamp',
      body: '{}',
    });
    expect(toRequestContent({ ...put, protocol: 'http' })).toEqual(toRequestContent(put));
    const { purpose: _purpose, target: _target, ...content } = set;
    expect(toRequestContent(set)).toEqual(content);
  });
});
