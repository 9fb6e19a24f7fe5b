import type { Engine, Exchange, GatedSubject } from 'operator-engine';
import { actorOf } from '../process/actor.ts';
import { readFlag } from '../arguments/read-flag.ts';
import type { Invocation } from './command.ts';
import { formatRollback } from '../output/rollback-view.ts';
import { printableLine } from '../output/printable.ts';
import { formatExchange } from '../output/exchange-view.ts';

/** Opens the engine for the configuration that the command line names, and closes it in the end. */
export async function withEngine<Result>(
  { globals, io, output }: Invocation,
  use: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const { openEngine } = await import('operator-engine');
  const configPath = readFlag(globals, 'config');
  const trace = (exchange: Exchange): void => output.note(formatExchange(exchange, output.notes));
  const waiting = (subjectName: string, what: string): void => {
    // A line that is rewritten may be on the screen.
    output.noteRaw('\r\u001B[2K');
    output.note([output.notes.style.dim(`· ${subjectName}: ${printableLine(what)}`)]);
  };
  const engine = await openEngine({
    cwd: io.cwd,
    env: io.env,
    hostUrl: import.meta.url,
    actor: actorOf(io),
    onRollback: (rollback) => output.note(formatRollback(rollback, output.notes)),
    ...(configPath === undefined ? {} : { configPath }),
    ...(globals.flags.has('trace') ? { onExchange: trace } : {}),
    ...(output.notes.isTTY ? { onWaiting: waiting } : {}),
  });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/** The subject that the command line names: its plugin is loaded, nothing is connected. */
export async function withSubject<Result>(
  invocation: Invocation,
  use: (subject: GatedSubject, engine: Engine) => Promise<Result>,
): Promise<Result> {
  const name = readFlag(invocation.globals, 'subject');
  const { signal } = invocation.io;
  return withEngine(invocation, async (engine) =>
    use(await engine.openSubject(name, { signal }), engine),
  );
}
