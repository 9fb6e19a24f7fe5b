import type * as z from 'zod/mini';

/** What a schema of ours found wrong, one sentence each; `whole` stands for the value itself. */
export function schemaIssues(error: z.core.$ZodError, whole: string): readonly string[] {
  return error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || whole}: ${message}`,
  );
}
