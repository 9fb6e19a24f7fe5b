/**
 * True when a value is not larger than about `limit` letters of JSON. It looks at no more than that
 * much of it, so that an absurd value costs as little as a fitting one.
 */
export function isWithinSize(value: unknown, limit: number): boolean {
  const waiting: unknown[] = [value];
  let size = 0;
  while (waiting.length > 0) {
    const item = waiting.pop();
    size += typeof item === 'string' ? item.length + 2 : 2;
    if (size > limit) return false;
    if (typeof item !== 'object' || item === null) continue;
    if (Array.isArray(item) && item.length > limit) return false;
    for (const key in item) {
      size += Array.isArray(item) ? 0 : key.length;
      if (size + waiting.length > limit) return false;
      waiting.push((item as Record<string, unknown>)[key]);
    }
  }
  return true;
}
