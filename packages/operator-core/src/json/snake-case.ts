/** True when a name is snake_case, as the names of actions, observations and parameters are: they are data. */
export function isSnakeCase(name: string): boolean {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/u.test(name);
}
