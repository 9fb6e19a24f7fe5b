/** Result of steps whose events are not used. */
export async function runToEnd<Result>(steps: AsyncGenerator<unknown, Result>): Promise<Result> {
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
  }
}
