import { OperatorError } from 'operator-core';
import type { JsonObject } from 'operator-core';
import type { Invocation } from '../../command/command.ts';
import { printableLine } from '../../output/printable.ts';

/** Time limit for the system to report its configuration. */
const SUGGEST_MS = 10_000;

/**
 * Keys that the running system suggests for a configuration that was just written: all members instead of one,
 * its id. A system that does not answer suggests nothing, and a note gives the reason.
 */
export async function suggestFor(
  path: string,
  subjectName: string,
  { io, output }: Pick<Invocation, 'io' | 'output'>,
): Promise<JsonObject> {
  const { openEngine } = await import('operator-engine');
  const place = { cwd: io.cwd, env: io.env, hostUrl: import.meta.url };
  const engine = await openEngine({ ...place, configPath: path });
  const late = AbortSignal.timeout(SUGGEST_MS);
  const signal = AbortSignal.any([late, io.signal]);
  try {
    const subject = await engine.openSubject(subjectName, { signal });
    return await subject.suggestConfig({ signal });
  } catch (error) {
    if (!OperatorError.isInstance(error) || io.signal.aborted) throw error;
    output.note([`More values could not be read from the system: ${printableLine(error.message)}`]);
    return {};
  } finally {
    await engine.close();
  }
}
