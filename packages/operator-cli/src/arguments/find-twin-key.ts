/** A key that one object of the text has twice, or `null`. The text must be JSON. */
export function findTwinKey(text: string): string | null {
  const open: Set<string>[] = [];
  let before = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/gu)) {
    if (token === '{' || token === '[') open.push(new Set());
    if (token === '}' || token === ']') open.pop();
    if (token === ':') {
      const key: string = JSON.parse(before);
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
    before = token;
  }
  return null;
}
