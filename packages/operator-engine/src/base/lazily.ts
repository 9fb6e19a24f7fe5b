/** Makes something when it is first asked for: most commands need few schemas, and making one takes time at every start. */
export function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
