import { expect, test } from 'vitest';
import { drain, openArena, until } from './arena.ts';
import { findLies } from './find-lies.ts';
import { BEFORE } from './scenarios.ts';
import { watchUntilQuiet } from './settle.ts';

test('a lease whose end comes while its request is on its way does not end before it has begun', async () => {
  const arena = await openArena();
  const arrived = Promise.withResolvers<void>();
  const mayPass = Promise.withResolvers<'pass'>();
  try {
    const engine = await arena.engine();
    const plan = await arena.plan(engine, 'drain_store', { store_id: '4' });
    const subject = await engine.openSubject();
    arena.proxy.toll = ({ isChange }, stage) => {
      if (!isChange || stage !== 'arrived') return 'pass';
      arrived.resolve();
      return mayPass.promise;
    };
    const running = drain(subject.apply(plan, { leaseMs: 1 }));
    await arrived.promise;
    const other = await arena.engine();
    const ledger = await other.openLedger();
    await until(async () => (await ledger.leases.due()).length === 1);
    // A watching runner finds that there is nothing to remove yet.
    const stop = new AbortController();
    for await (const { kind } of other.watch({ signal: stop.signal })) {
      if (kind === 'lease_not_ended') stop.abort();
      else expect(kind).toBe(kind === 'ended' ? 'ended' : 'started');
    }
    expect(await ledger.leases.list({ states: ['ended', 'lost'] })).toEqual([]);
    mayPass.resolve('pass');
    expect((await running).result.state).toBe('succeeded');
    await watchUntilQuiet(other);
    expect(await findLies(arena, other, { purpose: 'change' })).toEqual([]);
    expect(await ledger.leases.list()).toMatchObject([{ state: 'ended' }]);
  } finally {
    mayPass.resolve('pass');
    await arena.close();
  }
});

test('a lease whose effect never came is not reported as removed by another user', async () => {
  const arena = await openArena();
  try {
    const engine = await arena.engine(BEFORE);
    const plan = await arena.plan(engine, 'drain_store', { store_id: '4' });
    const subject = await engine.openSubject();
    arena.proxy.toll = ({ isChange }) => (isChange ? 'cut' : 'pass');
    const stop = new AbortController();
    await drain(subject.apply(plan, { leaseMs: 1, signal: stop.signal }), ({ kind }) => {
      if (kind === 'verifying') stop.abort();
    });
    const next = await arena.engine();
    const told = await watchUntilQuiet(next);
    expect(told.map(({ kind }) => kind)).not.toContain('lease_lost');
    const [lease] = await next.leases.list();
    expect(lease).toMatchObject({ state: 'ended' });
    expect(lease?.reason).not.toContain('something else removed it');
  } finally {
    await arena.close();
  }
});
