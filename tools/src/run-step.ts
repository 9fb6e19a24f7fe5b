/** One thing that `pnpm check` looks at. */
export interface Step {
  readonly name: string;
  readonly about: string;
  /** Finds the problems, one text each; empty when there are none. */
  readonly run: () => Promise<readonly string[]>;
}

export interface StepResult {
  readonly name: string;
  readonly about: string;
  readonly problems: readonly string[];
  readonly milliseconds: number;
}

/** Runs a step. A step that throws has failed, and its error is the problem. */
export async function runStep(step: Step): Promise<StepResult> {
  const start = performance.now();
  const problems = await step.run().catch((error: unknown) => [describe(error)]);
  const { name, about } = step;
  return { name, about, problems, milliseconds: Math.round(performance.now() - start) };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
