/** What a schema of this project tells of a value that it does not take. */
export interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** What a schema of ours found wrong, one sentence each; `whole` stands for the value itself. */
export function schemaIssues(error: SchemaError, whole: string): readonly string[] {
  return error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || whole}: ${message}`,
  );
}
