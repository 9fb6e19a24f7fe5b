import { OperatorError } from 'operator-core';
import { expect, it } from 'vitest';
import { judgeFailure } from '../../src/pd/http/judge-failure.ts';

const NOT_SENT = new OperatorError({
  code: 'NOT_SENT',
  kind: 'failed',
  message: 'POST /x was not sent: the run was stopped while it waited for its connection.',
  remedy: 'Plan again.',
});

it('a request that the host kept back is not told as a lost connection', () => {
  const failure = {
    kind: 'failure',
    reason: 'connection',
    stage: 'sent',
    cause: NOT_SENT,
  } as const;
  const request = { method: 'POST', path: '/x', origin: 'http://pd:2379' } as const;
  const limits = { timeoutMs: 1, maxBodyBytes: 1, electionMs: 1 };
  const { message } = judgeFailure(failure, request, limits).error;
  expect(message).toBe(
    'POST /x at http://pd:2379 was kept back: POST /x was not sent: the run was stopped while it waited for its connection.',
  );
});
