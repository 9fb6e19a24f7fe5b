/** True for the source of a regular expression (ECMAScript, flag `u`). */
export function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}
