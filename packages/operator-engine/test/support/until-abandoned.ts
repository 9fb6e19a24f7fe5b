import type { Lamps } from './open-lamps.ts';

/** Until the owner of a run counts as dead. */
export async function untilAbandoned(
  { engine }: Pick<Lamps, 'engine'>,
  runId: string,
): Promise<void> {
  const ledger = await engine.openLedger();
  for (;;) {
    const abandoned = await ledger.runs.abandoned();
    if (abandoned.some(({ id }) => id === runId)) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
