import type { RunSubjects } from '../subject/subjects.ts';
import type { GateContext, GateServices } from '../subject/gate-context.ts';
import { GatedSubject } from './gated-subject.ts';
import { createClosed } from './shared-subject.ts';
import type { PooledSubject } from './subject-pool.ts';

/** A subject behind the gate, and the gate's own parts of it. */
export interface OpenedSubject {
  readonly subject: GatedSubject;
  readonly context: GateContext;
}

/** The subjects of an engine, as hosts see them. */
export interface EngineSubjects extends RunSubjects {
  open(subject: string, signal: AbortSignal | undefined): Promise<OpenedSubject>;
}

/** Puts a subject of the pool behind the gate for one actor. */
export function createGatedSubject(
  { shared, release }: PooledSubject,
  services: GateServices,
): OpenedSubject {
  let isClosed = false;
  const inner = shared.contextFor(services);
  const context: GateContext = {
    ...inner,
    connect: async (signal) => {
      if (isClosed) throw createClosed(inner.subjectName);
      return inner.connect(signal);
    },
  };
  const close = async (): Promise<void> => {
    isClosed = true;
    await release();
  };
  return { context, subject: new GatedSubject(context, close) };
}
