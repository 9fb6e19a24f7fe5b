/** Issues of a value that a schema of this project rejects. */
export interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Problems that a schema of ours found, one sentence each; `whole` stands for the value itself. */
export function schemaIssues(error: SchemaError, whole: string): readonly string[] {
  return error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || whole}: ${message}`,
  );
}
