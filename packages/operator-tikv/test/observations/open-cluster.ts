import { isJsonValue, validateParameters } from 'operator-core';
import { startTikvSim } from 'operator-tikv-sim';
import type { TikvSim, TikvSimOptions } from 'operator-tikv-sim';
import { afterEach, expect } from 'vitest';
import { observations, PDClient, TiKVSubject } from '../../src/index.ts';
import type { PrometheusClient } from '../../src/index.ts';

/** A simulated cluster and a subject on it; both end with the test. */
export interface OpenCluster {
  readonly sim: TikvSim;
  readonly subject: TiKVSubject;
}

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** Ends `close` with the test. */
export function closeLater(close: () => Promise<void>): void {
  opened.push(close);
}

export async function openCluster(
  options: TikvSimOptions = {},
  prometheus?: PrometheusClient,
): Promise<OpenCluster> {
  const sim = await startTikvSim(options);
  closeLater(() => sim.stop());
  return { sim, subject: openSubject(sim.endpoints, prometheus) };
}

export function openSubject(
  endpoints: readonly string[],
  prometheus?: PrometheusClient,
): TiKVSubject {
  const pd = new PDClient({ endpoints, timeoutMs: 10_000 });
  const subject = new TiKVSubject({ pd, prometheus });
  closeLater(() => subject.close());
  return subject;
}

/** Observes as a host does: validated parameters in, plain JSON out. */
export async function observe(
  subject: TiKVSubject,
  name: string,
  parameters: unknown = {},
): Promise<unknown> {
  const observation = observations.find((candidate) => candidate.name === name);
  if (observation === undefined) throw new Error(`there is no observation ${name}`);
  const validated = await validateParameters(observation.parameters, parameters);
  if (!validated.ok) throw new Error(JSON.stringify(validated.issues));
  // What the schema let through is of its type, which the union of all observations does not say.
  const { read } = observation as { read: (context: object) => Promise<unknown> };
  const value = await read({
    parameters: validated.value,
    subject,
    signal: new AbortController().signal,
  });
  expect(isJsonValue(value)).toBe(true);
  return value;
}

/** The member of a value that lies behind a dotted key; fails where there is none. */
export function at(value: unknown, key: string): unknown {
  return key.split('.').reduce((holder: unknown, part) => {
    expect(holder).toHaveProperty(part);
    return (holder as Record<string, unknown>)[part];
  }, value);
}
